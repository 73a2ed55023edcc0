using System.Buffers;

namespace IsaExchange.Exchange.Storage;

/// <summary>
/// The name of a stored object: segments of lower-case letters, digits, <c>-</c> and <c>.</c>, separated by <c>/</c>.
/// At most 512 characters, a segment at most 200 (a file system's limit less our marks); no empty segment, no <c>.</c>,
/// no <c>..</c>. The default value is no name and refuses to be read.
/// </summary>
/// <param name="Value">The whole name, as it stands in the bind stanza of the object.</param>
public readonly record struct ObjectName(string Value)
{
    const int MaxLength = 512;
    const int MaxSegmentLength = 200;
    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    readonly string? value = Check(Value);

    /// <summary>The whole name.</summary>
    public string Value => value
        ?? throw new InvalidOperationException("An object has a name: this one was never set.");

    /// <summary>The name that the header of the object binds while it is staged: so a staged header opens nothing once
    /// the object is promoted.</summary>
    public string Staged => "staging/" + Value;

    public override string ToString() => Value;

    /// <summary>True when this is one segment that can name a file: no way out of a folder, no other folder.</summary>
    internal static bool IsSegment(ReadOnlySpan<char> segment) =>
        segment.Length is > 0 and <= MaxSegmentLength
        && segment is not ("." or "..")
        && !segment.ContainsAnyExcept(Allowed);

    /// <summary>False for what somebody else named: it is no object of ours, whatever it is.</summary>
    public static bool TryParse(string name, out ObjectName parsed)
    {
        parsed = IsName(name) ? new ObjectName(name) : default;
        return parsed != default;
    }

    static bool IsName(string name)
    {
        if (name.Length > MaxLength)
            return false;
        foreach (var segment in name.AsSpan().Split('/'))
        {
            if (!IsSegment(name.AsSpan()[segment]))
                return false;
        }

        return true;
    }

    static string Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return IsName(name)
            ? name
            : throw new ArgumentException(
                $"An object name is lower-case letters, digits, '-' and '.' in segments separated by '/', at most"
                + $" {MaxLength} characters.",
                nameof(name));
    }
}
