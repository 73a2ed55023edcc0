using System.CommandLine;

namespace IsaExchange.Cli.Commands;

/// <summary>isax credential: the keys by which senders and people are let in.</summary>
static class CredentialVerbs
{
    public static Command Create(GlobalOptions globals) =>
        new("credential", "Make, approve, renew, revoke and list the keys of senders and people.")
        {
            CredentialRequest.Create(globals),
            CredentialEnrol.Create(globals),
            CredentialRenew.Create(globals),
            CredentialRevoke.Create(globals),
            CredentialList.Create(globals),
        };

    /// <summary>isax identity: who people are for an identity provider.</summary>
    public static Command CreateIdentity(GlobalOptions globals) =>
        new("identity", "Say which person a subject of an identity provider is.")
        {
            IdentityLink.Create(globals),
            IdentityUnlink.Create(globals),
            IdentityList.Create(globals),
        };

    public static Option<string> Holder() => new("--holder")
    {
        Description = "Subject of the holder: urn:isaexchange:party:PARTY:sender:NAME or urn:isaexchange:person:ID.",
        HelpName = "URN",
        Required = true,
    };
}
