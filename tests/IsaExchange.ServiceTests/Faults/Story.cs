using System.Security.Cryptography;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;

namespace IsaExchange.ServiceTests.Faults;

/// <summary>One submission as its sender knows it: what was sent, and all that the exchange ever
/// acknowledged.</summary>
sealed class Story
{
    public Story(Random random, int number)
    {
        File = new StreetFile(NorthmerePolicies.FirstMonth.AddMonths(number / 4), (number % 4) + 1);
        Content = File.Content(Records(random));
        Sha256 = SHA256.HashData(Content);
        CreateRequest = Uploads.NewRequestId(random);
        SubmitRequest = Uploads.NewRequestId(random);
    }

    public StreetFile File { get; }

    public byte[] Content { get; }

    public byte[] Sha256 { get; }

    public string CreateRequest { get; }

    public string SubmitRequest { get; }

    /// <summary>Empty until a create was answered.</summary>
    public string Name { get; set; } = "";

    public string Id => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>The most that any answer ever called persisted.</summary>
    public long Persisted { get; set; }

    /// <summary>An answer said that the content is whole and validated.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Null until a submit was answered.</summary>
    public Receipt? Receipt { get; set; }

    // A header and one record; less than a chunk; some chunks; one durable block and a part; two and a part.
    static int Records(Random random) => random.Next(5) switch
    {
        0 => 1,
        1 => random.Next(2, 1_400),
        2 => random.Next(10_000, 60_000),
        3 => random.Next(100_000, 150_000),
        _ => random.Next(210_000, 240_000),
    };
}
