using CsCheck;
using IsaExchange.Agreement;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Tests.Agreement;

/// <summary>The revision moves with the meaning and stays with the layout.</summary>
public sealed class RevisionProperties
{
    [Fact]
    public void OrderAndStyle_DoNotMoveIt() => Gen.Int.Sample(
        seed =>
        {
            var surgery = new AgreementSurgery();
            surgery.Shuffle(new Random(seed));
            var written = surgery.Write();
            return written != Northmere.Yaml && Northmere.Loaded(written).Revision == Northmere.Agreement.Revision;
        },
        iter: 50);

    [Fact]
    public void CommentsAndBlankLines_DoNotMoveIt() => Gen.Int[0, 150].Sample(
        at =>
        {
            var lines = Northmere.Yaml.Split('\n').ToList();
            lines.Insert(at, "# agreed on a rainy day");
            lines.Insert(at, "");
            return Northmere.Loaded(string.Join('\n', lines)).Revision == Northmere.Agreement.Revision;
        },
        iter: 50);

    [Fact]
    public void LineEndings_DoNotMoveIt() =>
        Assert.Equal(Northmere.Agreement.Revision, Northmere.Loaded(Northmere.Yaml.Replace("\n", "\r\n")).Revision);

    /// <summary>Every single value of the agreement, changed a little, is another revision or no agreement.</summary>
    [Fact]
    public void EveryValueChanged_MovesItOrIsRefused()
    {
        var seen = new HashSet<string> { Northmere.Agreement.Revision };
        var values = new AgreementSurgery().Values().Count();
        Assert.True(values > 300);
        var accepted = 0;
        for (var n = 0; n < values; n++)
        {
            var surgery = new AgreementSurgery();
            var value = surgery.Values().ElementAt(n);
            value.Value = Changed(value.Value!);
            if (AgreementLoader.Parse(surgery.Write(), "agreement.yaml").Agreement is { } changed)
            {
                Assert.True(seen.Add(changed.Revision), $"value {n} at line {value.Start.Line} is not in the revision");
                accepted++;
            }
        }

        Assert.True(accepted > 100, $"only {accepted} changes were accepted");
    }

    [Fact]
    public void OrderOfDimensions_IsMeaning()
    {
        var turned = Northmere.Loaded(Northmere.With("[area, si_group] }", "[si_group, area] }"));

        Assert.NotEqual(Northmere.Agreement.Revision, turned.Revision);
    }

    [Fact]
    public void EveryClauseRemoved_MovesItOrIsRefused()
    {
        var count = Sequences(new AgreementSurgery().Root).Sum(s => s.Children.Count);
        for (var n = 0; n < count; n++)
        {
            var surgery = new AgreementSurgery();
            var (list, item) = Sequences(surgery.Root).SelectMany(s => s.Children.Select(c => (s, c))).ElementAt(n);
            list.Children.Remove(item);
            var revision = AgreementLoader.Parse(surgery.Write(), "agreement.yaml").Agreement?.Revision;
            Assert.NotEqual(Northmere.Agreement.Revision, revision);
        }
    }

    /// <summary>
    /// Pinned, because receipts and signatures name it: when this fails, the canonical form has changed and needs a new
    /// version word, or the sample has changed and the number follows.
    /// </summary>
    [Fact]
    public void SampleRevision_IsPinned()
    {
        const string Pinned = "0a3b8e07f04f241972889541dd8cb737191bb3e2c6009d206889c2dbe289d387";

        Assert.True(Pinned == Northmere.Agreement.Revision, $"it is {Northmere.Agreement.Revision} now");
    }

    static string Changed(string value)
    {
        if (DateOnly.TryParse(value, out var day))
            return day.AddDays(-1).ToString("yyyy-MM-dd");
        if (int.TryParse(value, out var number))
            return (number + 1).ToString();
        return value switch
        {
            "true" => "false",
            "false" => "true",
            "all" => "[X22000001]",
            "OFFICIAL" => "OFFICIAL-SENSITIVE",
            "open" => "nhs-2018",
            "nhs-2018" => "open",
            _ => value + "x",
        };
    }

    static IEnumerable<YamlSequenceNode> Sequences(YamlNode node) => node switch
    {
        YamlSequenceNode list => [list, .. list.Children.SelectMany(Sequences)],
        YamlMappingNode map => map.Children.Values.SelectMany(Sequences),
        _ => [],
    };
}
