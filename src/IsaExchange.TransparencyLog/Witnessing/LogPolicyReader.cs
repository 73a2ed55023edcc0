using IsaExchange.TransparencyLog.Formats;

namespace IsaExchange.TransparencyLog.Witnessing;

/// <summary>Reads a tlog-policy line by line: a name stands above what refers to it.</summary>
sealed class LogPolicyReader
{
    /// <summary>The specification asks for 32 of each kind at least.</summary>
    const int LinesMax = 1000;

    const string NoQuorum = "none";

    readonly List<NoteVerifier> _logs = [];
    readonly Dictionary<string, NoteVerifier> _witnesses = new(StringComparer.Ordinal);
    readonly Dictionary<string, WitnessGroup> _groups = new(StringComparer.Ordinal);
    readonly HashSet<string> _members = new(StringComparer.Ordinal);
    int _line;
    bool _hasQuorum;
    string? _quorum;

    public LogPolicy Read(string text)
    {
        if (!text.EndsWith('\n'))
            throw new LogFormatException("A policy ends in a newline.");
        var lines = text[..^1].Split('\n', LinesMax + 1);
        if (lines.Length > LinesMax)
            throw new LogFormatException($"A policy has at most {LinesMax} lines.");
        foreach (var line in lines)
        {
            _line++;
            if (line.Any(c => c is < ' ' and not '\t' or '\x7f'))
                throw Fault("holds a control character");
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && !words[0].StartsWith('#'))
                Take(words);
        }

        return _hasQuorum ? new LogPolicy(_logs, _witnesses, _groups, _quorum)
            : throw new LogFormatException("The policy has no quorum line.");
    }

    void Take(string[] words)
    {
        switch (words)
        {
            case ["log", var vkey, ..] when words.Length <= 3:
                _logs.Add(Key(vkey, isWitness: false));
                break;
            case ["witness", var name, var vkey, ..] when words.Length <= 4:
                RequireNew(name);
                _witnesses.Add(name, Key(vkey, isWitness: true));
                break;
            case ["group", var name, var threshold, .. var members] when members.Length > 0:
                RequireNew(name);
                _groups.Add(name, Group(threshold, members));
                break;
            case ["quorum", var name]:
                if (_hasQuorum)
                    throw Fault("is a second quorum");
                if (name != NoQuorum && !IsDefined(name))
                    throw Fault("names a quorum that is not defined above");
                (_hasQuorum, _quorum) = (true, name == NoQuorum ? null : name);
                break;
            default:
                throw Fault("is no log, witness, group or quorum");
        }
    }

    NoteVerifier Key(string vkey, bool isWitness)
    {
        NoteVerifier key;
        try
        {
            key = NoteVerifier.Parse(vkey);
        }
        catch (LogFormatException e)
        {
            throw new LogFormatException($"Line {_line} of the policy: {e.Message}", e);
        }

        if (key.IsCosigner != isWitness)
            throw Fault(isWitness ? "has a key that is not a witness's" : "has a key that is not a log's");
        return (isWitness ? _witnesses.Values : (IEnumerable<NoteVerifier>)_logs).Any(key.IsOfSameKey)
            ? throw Fault("repeats a key")
            : key;
    }

    WitnessGroup Group(string threshold, string[] members)
    {
        foreach (var member in members)
        {
            if (!IsDefined(member))
                throw Fault("names a member that is not defined above");
            // In one way only may a witness count.
            if (!_members.Add(member))
                throw Fault("names a member that is in a group already");
        }

        long least = threshold == "all" ? members.Length : 1;
        if (threshold is not ("all" or "any") && !StrictText.TryDecimal(threshold, out least))
            throw Fault("has a threshold that is no number, all or any");
        return least >= 1 && least <= members.Length ? new WitnessGroup((int)least, members)
            : throw Fault("has a threshold that its members cannot meet");
    }

    void RequireNew(string name)
    {
        if (name == NoQuorum || IsDefined(name))
            throw Fault("gives a name that is taken");
    }

    bool IsDefined(string name) => _witnesses.ContainsKey(name) || _groups.ContainsKey(name);

    LogFormatException Fault(string what) => new($"Line {_line} of the policy {what}.");
}
