namespace IsaExchange.TransparencyLog.Witnessing;

/// <summary>Whether a head may be relied on, and what is missing.</summary>
/// <param name="Problem">Null when the policy is met.</param>
/// <param name="Witnesses">Names, in the policy, of those that have cosigned, each with the time it gave.</param>
public sealed record PolicyVerdict(
    string? Problem, Checkpoint? Head, IReadOnlyList<(string Name, DateTimeOffset Time)> Witnesses)
{
    public bool IsMet => Problem is null && Head is not null;
}

/// <summary>
/// Which logs, which witnesses, and how many of them (C2SP tlog-policy). Made by <see cref="Parse(string)"/> only, so
/// that what is checked is what stands in the file.
/// </summary>
public sealed class LogPolicy
{
    readonly Dictionary<string, NoteVerifier> _witnesses;
    readonly Dictionary<string, WitnessGroup> _groups;
    readonly string? _quorum;

    internal LogPolicy(
        IReadOnlyList<NoteVerifier> logs, Dictionary<string, NoteVerifier> witnesses,
        Dictionary<string, WitnessGroup> groups, string? quorum) =>
        (Logs, _witnesses, _groups, _quorum) = (logs, witnesses, groups, quorum);

    public IReadOnlyList<NoteVerifier> Logs { get; }

    /// <summary>Name in the policy and key.</summary>
    public IReadOnlyDictionary<string, NoteVerifier> Witnesses => _witnesses;

    /// <summary>Whether any cosignature is asked for.</summary>
    public bool NeedsWitnesses => _quorum is not null;

    /// <summary>The fewest witnesses that can meet it; 0 for none.</summary>
    public int FewestWitnesses => _quorum is null ? 0 : Fewest(_quorum);

    /// <exception cref="LogFormatException">Not a policy; the message names the line.</exception>
    public static LogPolicy Parse(string text) => new LogPolicyReader().Read(text);

    /// <summary>Checks a signed head: by a log of this policy, and cosigned by a quorum.</summary>
    public PolicyVerdict Check(string note)
    {
        SignedNote opened;
        Checkpoint head;
        try
        {
            opened = SignedNote.Open(note, [.. Logs, .. _witnesses.Values]);
            head = Checkpoint.Parse(opened.Text);
        }
        catch (Exception e) when (e is NoteRefusedException or LogFormatException)
        {
            return new(e.Message, Head: null, []);
        }

        if (!opened.SignedBy.Any(k => !k.IsCosigner && k.Name == head.Origin))
            return new("No log of the policy has signed the head as its own.", Head: null, []);
        var seen = new List<(string Name, DateTimeOffset Time)>();
        foreach (var (name, key) in _witnesses)
        {
            if (opened.Signatures.FirstOrDefault(s => s.VerifiedBy == key) is { } line)
                seen.Add((name, NoteVerifier.TimeOf(line)));
        }

        var names = seen.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        return _quorum is null || Has(_quorum, names) ? new(Problem: null, head, seen)
            : new($"{seen.Count} of the witnesses have cosigned, and the quorum asks for more.", head, seen);
    }

    bool Has(string name, HashSet<string> cosigned) => _groups.TryGetValue(name, out var group)
        ? group.Members.Count(m => Has(m, cosigned)) >= group.Threshold
        : cosigned.Contains(name);

    int Fewest(string name) => _groups.TryGetValue(name, out var group)
        ? group.Members.Select(Fewest).Order().Take(group.Threshold).Sum()
        : 1;
}

/// <summary>So many of its members must have witnessed.</summary>
sealed record WitnessGroup(int Threshold, IReadOnlyList<string> Members);
