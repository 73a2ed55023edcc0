using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace IsaExchange.Tests.Agreement;

/// <summary>The sample as a tree that a test may cut, shuffle and write out again.</summary>
sealed class AgreementSurgery
{
    readonly YamlStream stream = [];

    public AgreementSurgery()
    {
        stream.Load(new StringReader(Northmere.Yaml));
        Root = (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public YamlMappingNode Root { get; }

    public string Write()
    {
        using var text = new StringWriter();
        stream.Save(text, assignAnchors: false);
        return text.ToString();
    }

    public YamlSequenceNode Section(params string[] path) =>
        (YamlSequenceNode)path.Aggregate((YamlNode)Root, (node, word) => node[word]);

    /// <summary>Takes a clause out together with whatever would otherwise refer to it.</summary>
    public void Remove(YamlSequenceNode section, YamlNode clause, string? id)
    {
        section.Children.Remove(clause);
        if (id is not null)
            Forget(Root, id);
    }

    /// <summary>Every scalar that is a value, with a setter for its text.</summary>
    public IEnumerable<YamlScalarNode> Values() => Values(Root);

    public void Shuffle(Random random) => Shuffle(Root, random);

    static IEnumerable<YamlScalarNode> Values(YamlNode node) => node switch
    {
        YamlScalarNode scalar => [scalar],
        YamlSequenceNode list => list.Children.SelectMany(Values),
        YamlMappingNode map => map.Children.Values.SelectMany(Values),
        _ => [],
    };

    static void Forget(YamlNode node, string id)
    {
        switch (node)
        {
            case YamlSequenceNode list:
                foreach (var gone in list.Children.Where(c => Mentions(c, id)).ToList())
                    list.Children.Remove(gone);
                foreach (var child in list.Children)
                    Forget(child, id);
                break;
            case YamlMappingNode map:
                foreach (var child in map.Children.Values)
                    Forget(child, id);
                break;
        }
    }

    /// <summary>A plain mention in a list, or a clause that is about it.</summary>
    static bool Mentions(YamlNode item, string id) => item switch
    {
        YamlScalarNode scalar => scalar.Value == id,
        YamlMappingNode map => map.Children.Any(pair =>
            pair.Key is YamlScalarNode { Value: "party" or "person" or "dataset" }
            && pair.Value is YamlScalarNode value && value.Value == id),
        _ => false,
    };

    static void Shuffle(YamlNode node, Random random)
    {
        if (node is YamlSequenceNode list)
        {
            var shuffled = list.Children.ToArray();
            random.Shuffle(shuffled);
            list.Children.Clear();
            foreach (var child in shuffled)
                list.Children.Add(child);
            list.Style = random.Next(2) == 0 ? SequenceStyle.Block : SequenceStyle.Flow;
            foreach (var child in list.Children)
                Shuffle(child, random);
        }
        else if (node is YamlMappingNode map)
        {
            var shuffled = map.Children.ToArray();
            random.Shuffle(shuffled);
            map.Children.Clear();
            foreach (var (key, value) in shuffled)
            {
                map.Children.Add(key, value);
                // The order of the dimensions is the order of the columns.
                if (key is not YamlScalarNode { Value: "dimensions" })
                    Shuffle(value, random);
            }
        }
        else if (node is YamlScalarNode { Style: ScalarStyle.Plain } text && text.Value!.Contains(' '))
        {
            text.Style = ScalarStyle.DoubleQuoted;
        }
    }
}
