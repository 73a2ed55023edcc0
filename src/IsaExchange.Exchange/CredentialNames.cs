namespace IsaExchange.Exchange;

/// <summary>agreements/{agreement}/parties/{party}/credentials/{credential}</summary>
public sealed record CredentialName(PartyName Parent, string Id)
{
    public static CredentialName Parse(string name) =>
        Segments.Of(name) is ["agreements", var a, "parties", var p, "credentials", var id]
            ? new CredentialName(new PartyName(a, p), id)
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name));

    public override string ToString() => $"agreements/{Parent.Agreement}/parties/{Parent.Party}/credentials/{Id}";
}

/// <summary>agreements/{agreement}/parties/{party}/identities/{identity}</summary>
public sealed record IdentityName(PartyName Parent, string Id)
{
    public static IdentityName Parse(string name) =>
        Segments.Of(name) is ["agreements", var a, "parties", var p, "identities", var id]
            ? new IdentityName(new PartyName(a, p), id)
            : throw ExchangeException.NotFound(SubmissionName.Quoted(name));

    public override string ToString() => $"agreements/{Parent.Agreement}/parties/{Parent.Party}/identities/{Id}";
}
