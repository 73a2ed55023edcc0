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

    /// <summary>In place of a party: every one of the agreement.</summary>
    const string EveryParty = "*";

    readonly ConcurrentDictionary<string, bool> _parties = new(StringComparer.Ordinal);

    /// <summary>Everybody's.</summary>
    public const string All = "*";

    /// <summary>From here on what this call does, and what it starts, sees no party's rows until it is
    /// permitted.</summary>
    public static void BeginCall() => Current.Value = new PartyRows();

    /// <summary><see cref="All"/>, or agreement/party joined by a comma, with * for every party of that agreement;
    /// empty for nobody's.</summary>
    public static string Visible => Current.Value is not { } call
        ? All
        : string.Join(',', call._parties.Keys.Order(StringComparer.Ordinal));

    /// <summary>A permit has been given: of one party's matter, or of the whole of this one agreement's.</summary>
    internal static void Permit(string agreement, string? party)
    {
        if (Current.Value is not { } call || !IsName(agreement))
            return;
        if (party is null)
            call._parties.TryAdd($"{agreement}/{EveryParty}", true);
        else
            call.Add(agreement, party);
    }

    /// <summary>
    /// For the rest of the calling method only: the rows of the party that a request is about, because what the
    /// agreement is asked depends on them.
    /// </summary>
    internal static void Look(string agreement, string party)
    {
        if (Current.Value is null)
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
