using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace IsaExchange.Agreement.Language;

/// <summary>A YAML document as written: every node with its line, duplicate keys kept for the report.</summary>
abstract record YamlTree(int Line);

sealed record YamlText(int Line, string Value, bool IsPlain) : YamlTree(Line);

sealed record YamlList(int Line, IReadOnlyList<YamlTree> Items) : YamlTree(Line);

sealed record YamlMap(int Line, IReadOnlyList<YamlEntry> Entries) : YamlTree(Line)
{
    public YamlTree? this[string word] => Entries.FirstOrDefault(e => e.Word == word)?.Value;
}

sealed record YamlEntry(string Word, int Line, YamlTree Value);

/// <summary>
/// Reads the part of YAML that an agreement may use. Anchors, aliases and tags are refused: what the signatories read
/// on a line must be what that line means.
/// </summary>
sealed class YamlTreeReader(Parser parser, AgreementFaults faults)
{
    const int DepthMax = 16;
    const string Section = "file";

    /// <summary>Null when there is no tree to speak of; the faults then say why.</summary>
    public static YamlTree? Read(string yaml, AgreementFaults faults)
    {
        var parser = new Parser(new StringReader(yaml));
        try
        {
            return new YamlTreeReader(parser, faults).ReadDocument();
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or ArgumentException)
        {
            // YamlDotNet 18 answers some broken text with the latter two (an unclosed flow list, for one).
            // Its own words may quote the text, so they are not passed on.
            var line = e is YamlException { Start.Line: > 0 } y ? y.Start.Line : parser.Current?.End.Line ?? 1;
            faults.Add((int)line, Section, "this is not YAML", "check indents, colons and quotes near it");
            return null;
        }
    }

    YamlTree? ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            faults.Add(1, Section, "the file is empty", "write the agreement");
            return null;
        }

        parser.Consume<DocumentStart>();
        var tree = ReadNode(depth: 0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
            faults.Add((int)second.Start.Line, Section, "a second document begins here", "keep one agreement per file");
        return tree;
    }

    YamlTree ReadNode(int depth)
    {
        if (depth > DepthMax)
            throw new YamlException(parser.Current!.Start, parser.Current.End, "nested too deeply");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            Refuse(alias, "an alias");
            return new YamlText(LineOf(alias), "", IsPlain: true);
        }

        var node = parser.Require<NodeEvent>();
        if (!node.Anchor.IsEmpty)
            Refuse(node, "an anchor");
        if (!node.Tag.IsEmpty)
            Refuse(node, "a tag");
        return node switch
        {
            SequenceStart => ReadList(depth),
            MappingStart => ReadMap(depth),
            _ => ReadText(),
        };
    }

    YamlText ReadText()
    {
        var scalar = parser.Consume<Scalar>();
        return new YamlText(LineOf(scalar), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    YamlList ReadList(int depth)
    {
        var start = parser.Consume<SequenceStart>();
        var items = new List<YamlTree>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(depth + 1));
        return new YamlList(LineOf(start), items);
    }

    YamlMap ReadMap(int depth)
    {
        var start = parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(depth + 1) is YamlText word)
                entries.Add(new YamlEntry(word.Value, word.Line, ReadNode(depth + 1)));
            else
                throw new YamlException(start.Start, start.End, "a key that is not a word");
        }

        return new YamlMap(LineOf(start), entries);
    }

    void Refuse(ParsingEvent at, string what) => faults.Add(
        LineOf(at), Section, $"{what} is used here", "write the value out: agreements use no anchors, aliases or tags");

    static int LineOf(ParsingEvent at) => (int)at.Start.Line;
}
