using System.Globalization;
using System.Text;
using IsaExchange.Datasets.Depersonalisation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Depersonalisation;

/// <summary>
/// Precision and recall of each recogniser on a corpus of 60,000 identifiers, 60,000 look-alikes and 60,000 ordinary
/// values, made by chance from a fixed seed. The figures stand in tests/README.md; here are their floors.
/// </summary>
public sealed class GateCorpusTests(ITestOutputHelper output)
{
    const int Seed = 20_261_123;
    const int OfEachKind = 5_000;

    static readonly IdentifierRecogniser s_recogniser = new(2002);

    /// <summary>What a recogniser is known to miss: see the classes of its corpus.</summary>
    static readonly Dictionary<Identifier, double> s_recallFloors = new()
    {
        [Identifier.VehicleRegistration] = 0.90,
    };

    [Fact]
    public void EachRecogniser_ReachesItsFloors()
    {
        var (planted, alike, ordinary) = Run();
        foreach (var kind in GateCorpus.Kinds)
        {
            var found = planted[(kind, kind)];
            var wrong = alike.Where(a => a.Key.Found == kind).Sum(a => a.Value) + ordinary.GetValueOrDefault(kind);
            var caught = OfEachKind - planted.GetValueOrDefault((kind, Identifier.None));
            var (recall, precision) = (found / (double)OfEachKind, found / (double)(found + wrong));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{kind}: recall {recall:P2}, precision {precision:P2}, caught as any kind {caught}, wrong {wrong}"));
            Assert.True(recall >= s_recallFloors.GetValueOrDefault(kind, 0.98), $"{kind}: recall {recall:P2}");
            Assert.True(precision >= 0.99, $"{kind}: precision {precision:P2}");
        }
    }

    [Fact]
    public void OrdinaryValues_AreLeftAlone()
    {
        var (_, _, ordinary) = Run();
        Assert.Equal([Identifier.None], ordinary.Keys);
    }

    /// <summary>The price of a check digit: one number in eleven has the right one by chance.</summary>
    [Fact]
    public void TenDigitsByChance_AreOneInElevenNhsNumbers()
    {
        var corpus = new GateCorpus(Seed);
        var found = Enumerable.Range(0, 20_000).Count(_ => Recognise($"4{corpus.Digits(9)}") == Identifier.NhsNumber);
        output.WriteLine($"{found} of 20,000");
        Assert.InRange(found, 20_000 * 0.08, 20_000 * 0.10);
    }

    /// <summary>Modest, and known: names outside a short list are missed.</summary>
    [Fact]
    public void NamesInTexts_AreFoundByTheListOnly()
    {
        var corpus = new NameCorpus(Seed);
        var (found, wrong) = (NamesIn(corpus.Named), NamesIn(corpus.Unnamed));
        output.WriteLine($"{found} of {OfEachKind} with a name, {wrong} of {OfEachKind} without one");
        Assert.InRange(found, OfEachKind * 0.65, OfEachKind * 0.90);
        Assert.InRange(wrong, 0, OfEachKind * 0.02);
    }

    /// <summary>How many values of a column of such texts the report counts as names.</summary>
    static int NamesIn(Func<string> text)
    {
        var rows = Enumerable.Range(1, OfEachKind)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},2018-10,drugs,E01000001,\"{text()}\"\n"));
        var report = TestDatasets.Street.Validate($"{TestDatasets.StreetHeader},other\n{string.Concat(rows)}");
        var told = report.Groups.SingleOrDefault(g => g.Rule == "D524")?.Description;
        const string End = " of 5000 values are like that.";
        return told is null ? 0 : int.Parse(told[..^End.Length].Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    (Dictionary<(Identifier Made, Identifier Found), int> Planted,
        Dictionary<(Identifier Made, Identifier Found), int> Alike, Dictionary<Identifier, int> Ordinary) Run()
    {
        var corpus = new GateCorpus(Seed);
        var planted = new Dictionary<(Identifier, Identifier), int>();
        var alike = new Dictionary<(Identifier, Identifier), int>();
        var ordinary = new Dictionary<Identifier, int>();
        var said = 0;
        foreach (var kind in GateCorpus.Kinds)
        {
            for (var i = 0; i < OfEachKind; i++)
            {
                Count(planted, (kind, Recognise(corpus.Planted(kind))));
                var lookAlike = corpus.LookAlike(kind);
                var taken = Recognise(lookAlike);
                Count(alike, (kind, taken));
                if (taken != Identifier.None && said++ < 40)
                    output.WriteLine($"{lookAlike} was taken for {taken}, made like {kind}");
                Count(ordinary, Recognise(corpus.Ordinary()));
            }
        }

        return (planted, alike, ordinary);
    }

    static void Count<T>(Dictionary<T, int> counts, T key)
        where T : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;

    static Identifier Recognise(string value) => s_recogniser.Recognise(Encoding.UTF8.GetBytes(value));
}
