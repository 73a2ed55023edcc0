using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

public enum PrincipalKind
{
    /// <summary>The subject is of neither form; no agreement permits it anything.</summary>
    Unknown,
    Sender,
    Person,
}

/// <summary>
/// Who calls, as the URI in the subject alternative name of the certificate says:
/// <c>urn:isaexchange:party:&lt;party&gt;:sender:&lt;name&gt;</c> or <c>urn:isaexchange:person:&lt;person&gt;</c>.
/// It says who, never what they may do: that is the agreement's to say.
/// </summary>
public sealed record Principal
{
    public Principal(string subject)
    {
        Subject = subject;
        switch (subject.Split(':'))
        {
            case ["urn", "isaexchange", "party", var party, "sender", var name]
                when Words.IsId(party) && Words.IsId(name):
                (Kind, Party, SenderName) = (PrincipalKind.Sender, party, name);
                break;
            case ["urn", "isaexchange", "person", var person] when Words.IsId(person):
                (Kind, Person) = (PrincipalKind.Person, person);
                break;
        }
    }

    public string Subject { get; }

    public PrincipalKind Kind { get; }

    /// <summary>The party of a sender; null for a person, whose parties the agreement names.</summary>
    public string? Party { get; }

    public string? SenderName { get; }

    public string? Person { get; }

    public static Principal Sender(string party, string name) => new($"urn:isaexchange:party:{party}:sender:{name}");

    public static Principal ForPerson(string person) => new($"urn:isaexchange:person:{person}");

    public static bool TryParse(string? subject, out Principal principal)
    {
        principal = new Principal(subject ?? "");
        return principal.Kind != PrincipalKind.Unknown;
    }
}
