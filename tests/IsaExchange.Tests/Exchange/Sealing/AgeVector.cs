using System.IO.Compression;
using System.Text;
using IsaExchange.Tests.Outside;

namespace IsaExchange.Tests.Exchange.Sealing;

/// <summary>One file of the age testkit: a head of <c>key: value</c> lines, a blank line, an age file.</summary>
sealed class AgeVector
{
    static readonly string[] KnownKeys =
        ["expect", "payload", "file key", "identity", "passphrase", "armored", "compressed", "comment"];

    readonly List<(string Key, string Value)> head = [];

    AgeVector(string path)
    {
        var bytes = System.IO.File.ReadAllBytes(path);
        var end = bytes.AsSpan().IndexOf("\n\n"u8);
        foreach (var line in Encoding.ASCII.GetString(bytes, 0, end).Split('\n'))
        {
            var (key, value) = line.Split(": ", 2) is [var k, var v] ? (k, v) : (line, "");
            if (!KnownKeys.Contains(key))
                throw new InvalidOperationException($"{path}: the testkit's README does not explain {key}.");
            head.Add((key, value));
        }

        File = bytes[(end + 2)..];
        if (One("compressed") == "zlib")
            File = Inflate(File);
    }

    public byte[] File { get; }

    public string Expect => One("expect") ?? throw new InvalidOperationException("A vector says what it expects.");

    /// <summary>SHA-256, in hex, of all plaintext that may be released; null when the header already fails.</summary>
    public string? PayloadHash => One("payload");

    public IEnumerable<string> Identities => head.Where(h => h.Key == "identity").Select(h => h.Value);

    public static AgeVector Read(string name) => new(Path.Combine(Folder, name));

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order();

    static string Folder => SharedFolders.Vectors("crypto-vectors", "age-testkit", "age", "testdata");

    static byte[] Inflate(byte[] compressed)
    {
        using var inflated = new MemoryStream();
        using (var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress))
            zlib.CopyTo(inflated);
        return inflated.ToArray();
    }

    string? One(string key) => head.FirstOrDefault(h => h.Key == key).Value;
}
