using System.Collections.Concurrent;
using IsaExchange.ServiceTests.Harness.Production;
using Microsoft.AspNetCore.Http;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>The calls that an exchange has sent to its blobs since this was made, as they go by.</summary>
sealed class ObjectsOnTheWay : ObjectMoments
{
    readonly ConcurrentDictionary<string, bool> _committed = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> _whole = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, long> _bytes = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> _making = new(StringComparer.Ordinal);

    public ObjectsOnTheWay(FaultProxy way) => way.Rule = request =>
    {
        if (HttpMethods.IsPut(request.Method))
            See(request);
        return null;
    };

    public override int CountCubes(string id = "") => Count(_committed, "cubes/", id);

    public override int CountDatasets(string id = "") => Count(_whole, "datasets/", id);

    public override int CountAttempts(string id) => Count(_committed, "datasets/", id);

    public override bool IsMaking => !_making.IsEmpty;

    public override long StagedBytes() => _bytes.Values.DefaultIfEmpty(-1).Max();

    void See(HttpRequest request)
    {
        // account / container / name of the object
        if (request.Path.Value!.Split('/', 4) is not ["", _, _, var name])
            return;
        switch (request.Query["comp"].ToString())
        {
            case "block":
                _making[name] = true;
                if (name.StartsWith("datasets/", StringComparison.Ordinal))
                    _bytes.AddOrUpdate(name, 0, (_, before) => before + (request.ContentLength ?? 0));
                break;
            case "blocklist":
                _committed[name] = true;
                _making.TryRemove(name, out _);
                if (request.Headers["x-ms-meta-isaxstate"] == "whole")
                {
                    _whole[name] = true;
                    _bytes.TryRemove(name, out _);
                }

                break;
        }
    }

    static int Count(ConcurrentDictionary<string, bool> seen, string prefix, string id) => seen.Keys.Count(
        name => name.StartsWith(prefix, StringComparison.Ordinal)
            && name[(name.LastIndexOf('/') + 1)..].StartsWith(id, StringComparison.Ordinal));
}
