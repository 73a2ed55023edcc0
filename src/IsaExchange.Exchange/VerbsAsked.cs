using IsaExchange.Agreement;

namespace IsaExchange.Exchange;

/// <summary>
/// What one call may ask of the agreement, and whether it has asked: the host holds every call to its own rule, so that
/// a new way in cannot answer without a decision.
/// </summary>
public sealed class VerbsAsked(IReadOnlyCollection<Verb> allowed)
{
    bool _asked;

    /// <exception cref="InvalidOperationException">The call asks for something that its rule does not
    /// name.</exception>
    internal void Note(Verb verb)
    {
        if (!allowed.Contains(verb))
            throw new InvalidOperationException("A call asks a verb that its rule does not name.");
        _asked = true;
    }

    /// <exception cref="InvalidOperationException">The call is about to answer and has not asked.</exception>
    public void Demand()
    {
        if (allowed.Count > 0 && !_asked)
            throw new InvalidOperationException("A call answers without having asked the agreement.");
    }
}
