using Grpc.Core;
using IsaExchange.Exchange;
using IsaExchange.Exchange.Storage.Catalogue;
using IsaExchange.Service.Identity;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>CredentialService: which keys and identities act in a party's name.</summary>
sealed class CredentialEndpoint(
    EnrolCredential enrol, RenewCredential renew, RevokeCredential revoke, ReadCredentials read, LinkIdentity links,
    PageTokens pages) : CredentialService.CredentialServiceBase
{
    public override async Task<Credential> EnrolCredential(EnrolCredentialRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var row = await enrol.RunAsync(
            caller, PartyName.Parse(request.Parent), request.Holder, request.CertificateRequest.Memory, key, ct);
        return Write(row, withCertificate: true);
    }

    public override async Task<Credential> RenewCredential(RenewCredentialRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var row = await renew.RunAsync(
            caller, PartyName.Parse(request.Parent), request.CertificateRequest.Memory, key, ct);
        return Write(row, withCertificate: true);
    }

    public override async Task<Credential> RevokeCredential(RevokeCredentialRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        return Write(
            await revoke.RunAsync(caller, CredentialName.Parse(request.Name), request.Reason, key, ct),
            withCertificate: false);
    }

    public override async Task<ListCredentialsResponse> ListCredentials(
        ListCredentialsRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "credentials " + request.Parent;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var rows = await read.CredentialsAsync(
            caller, PartyName.Parse(request.Parent), page.Skip, page.TakeOneMore, ct);
        var response = new ListCredentialsResponse();
        response.Credentials.Add(rows.Take(page.Take).Select(r => Write(r, withCertificate: false)));
        if (rows.Count > page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    public override async Task<V1.Identity> LinkIdentity(LinkIdentityRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        var said = request.Identity ?? new V1.Identity();
        return Write(await links.LinkAsync(
            caller, PartyName.Parse(request.Parent), said.Issuer, said.Subject, said.Person, key, ct));
    }

    public override async Task<UnlinkIdentityResponse> UnlinkIdentity(
        UnlinkIdentityRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var key = Wire.Key(request, request.RequestId, r => r.RequestId = "");
        await links.UnlinkAsync(caller, IdentityName.Parse(request.Name), key, ct);
        return new UnlinkIdentityResponse();
    }

    public override async Task<ListIdentitiesResponse> ListIdentities(
        ListIdentitiesRequest request, ServerCallContext context)
    {
        var (caller, ct) = Call.Of(context);
        var scope = "identities " + request.Parent;
        var page = pages.Read(caller, scope, request.PageSize, request.PageToken);
        var rows = await read.IdentitiesAsync(
            caller, PartyName.Parse(request.Parent), page.Skip, page.TakeOneMore, ct);
        var response = new ListIdentitiesResponse();
        response.Identities.Add(rows.Take(page.Take).Select(Write));
        if (rows.Count > page.Take)
            response.NextPageToken = pages.Next(caller, scope, page);
        return response;
    }

    static Credential Write(CredentialRow row, bool withCertificate)
    {
        var message = new Credential
        {
            Name = row.Name,
            Holder = row.Subject,
            KeySha256 = Wire.Hex(row.SpkiSha256),
            State = (Credential.Types.State)row.State,
            NotBeforeTime = Wire.Time(row.NotBeforeTicks),
            NotAfterTime = Wire.Time(row.NotAfterTicks),
            CreateTime = Wire.Time(row.EnrolTicks),
            ApprovedBy = row.EnrolledBy,
            AgreementRevision = row.AgreementRevision,
            EndReason = row.EndReason ?? "",
            CertificatePem = withCertificate ? row.CertificatePem : "",
        };
        if (row.EndTicks is { } end)
            message.EndTime = Wire.Time(end);
        return message;
    }

    static V1.Identity Write(IdentityRow row) => new()
    {
        Name = row.Name,
        Issuer = row.Issuer,
        Subject = row.Subject,
        Person = row.Person,
        CreateTime = Wire.Time(row.LinkTicks),
        LinkedBy = row.LinkedBy,
    };
}
