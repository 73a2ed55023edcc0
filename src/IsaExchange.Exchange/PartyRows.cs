using System.Collections.Concurrent;

namespace IsaExchange.Exchange;

/// <summary>
/// Whose own rows the catalogue gives out and takes in, as a second line behind the agreement: in a call those of the
/// parties that a permit of this very call speaks of, and none before there is one. What runs by itself, outside of
/// any call, sees all. Only a catalogue that can hold callers to it does.
/// </summary>
public sealed class PartyRows
{
    static readonly AsyncLocal<PartyRows?> Current = new();

    readonly ConcurrentDictionary<string, bool> _parties = new(StringComparer.Ordinal);
    volatile bool _all;

    /// <summary>Everybody's.</summary>
    public const string All = "*";

    /// <summary>From here on what this call does, and what it starts, sees no party's rows until it is
    /// permitted.</summary>
    public static void BeginCall() => Current.Value = new PartyRows();

    /// <summary><see cref="All"/>, or agreement/party joined by a comma; empty for nobody's.</summary>
    public static string Visible => Current.Value is not { _all: false } call
        ? All
        : string.Join(',', call._parties.Keys.Order(StringComparer.Ordinal));

    /// <summary>A permit has been given: of one party's matter, or of the whole agreement's.</summary>
    internal static void Permit(string agreement, string? party)
    {
        if (Current.Value is not { } call)
            return;
        if (party is null)
            call._all = true;
        else
            call.Add(agreement, party);
    }

    /// <summary>
    /// For the rest of the calling method only: the rows of the party that a request is about, because what the
    /// agreement is asked depends on them.
    /// </summary>
    internal static void Look(string agreement, string party)
    {
        if (Current.Value is { _all: true } or null)
            return;
        var look = new PartyRows();
        look.Add(agreement, party);
        Current.Value = look;
    }

    // Names come from callers: what could be read as two of them is none.
    void Add(string agreement, string party)
    {
        if (IsName(agreement) && IsName(party))
            _parties.TryAdd($"{agreement}/{party}", true);
    }

    static bool IsName(string word) => word.Length > 0 && !word.AsSpan().ContainsAny(",/*");
}
