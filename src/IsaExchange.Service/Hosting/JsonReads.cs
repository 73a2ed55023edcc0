using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace IsaExchange.Service.Hosting;

/// <summary>
/// The reads of releases as JSON, for programs that speak no gRPC: the same methods behind the same interceptors, so
/// that who calls, what the agreement says and what the log keeps are the same. Every other method has a rule for HTTP
/// in the contract too, and is not there as JSON.
/// </summary>
static class JsonReads
{
    static readonly FrozenSet<string> Open = new[]
    {
        "isaexchange.v1.FeedService.ListFeeds", "isaexchange.v1.FeedService.ListReleases",
        "isaexchange.v1.FeedService.GetRelease", "isaexchange.v1.FeedService.ReadTable",
        "isaexchange.v1.FeedService.CompareReleases",
    }.ToFrozenSet(StringComparer.Ordinal);

    const string FetchSite = "Sec-Fetch-Site";

    public static void Add(IGrpcServerBuilder grpc) => grpc.AddJsonTranscoding(options =>
        options.TypeRegistry = TypeRegistry.FromMessages(
            ErrorInfo.Descriptor, RetryInfo.Descriptor, LocalizedMessage.Descriptor));

    /// <summary>
    /// What is not open is answered as what does not exist; and so is all that a page of somebody else asks for, in the
    /// name of whoever's browser holds a certificate.
    /// </summary>
    public static void Use(WebApplication app) => app.Use(static async (http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } method
            && (!Open.Contains(method.MethodDescriptor.FullName) || http.Request.Headers[FetchSite] == "cross-site"))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(http);
    });
}
