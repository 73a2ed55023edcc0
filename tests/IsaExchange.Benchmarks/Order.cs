using System.Globalization;

namespace IsaExchange.Benchmarks;

/// <summary>What to measure, as the command line says it.</summary>
/// <param name="Ids">Workloads.</param>
/// <param name="OnServers">For each set-up whether it is the one on servers.</param>
/// <param name="Bytes">Size of the large file.</param>
/// <param name="Pairs">Ours and the peer in turns, so many times.</param>
/// <param name="Rounds">The same for the small file.</param>
sealed record Order(string[] Ids, bool[] OnServers, long Bytes, int Pairs, int Rounds)
{
    public const string Usage =
        """
        usage: dotnet run -c Release --project tests/IsaExchange.Benchmarks -- [ID ...] [OPTIONS]

          p1   the pass over a large file in this process (hash, seal, validate, count), against DuckDB
          p2   isax send of a large file to its receipt, against a service that only hashes and stores the same bytes
          p3   a real quarter to its receipt on a warm service, against a call that only carries the same bytes
          p4   the service's peak of memory for 10 MB, the large file and ten times that, and for 50 uploads at once
          p5   a million records with every cell wrong, against the same in order
          p8   secondary suppression of three county tables, against what GaussSuppression took and hid; and of two of
               them the whole way, with the interval check
          p11  isax, isax validate and the service from nothing to an answer, against a program that says hello
               (without a name: all but p4, which takes 20 GB of disk)

          --set-up WHERE  embedded, servers (PostgreSQL, Azurite, vault stand-in) or both; default both
          --size SIZE     of the large file, 1MB to 2000MB or 2GB; default 1GB
          --pairs N       ours and the peer in turns, so many times; default 5
          --rounds N      the same for p3, after a tenth as many to warm up; default 200

        One table in Markdown comes out; what goes on is said on the error stream. The real quarter is looked for in
        ../shared/data beside the repository, or where ISAX_DATA says.
        """;

    const int MiB = 1_000_000;

    static readonly string[] Known = ["p1", "p2", "p3", "p4", "p5", "p8", "p11"];

    public bool Asks(string id) => Ids.Contains(id, StringComparer.Ordinal);

    /// <exception cref="BenchmarkFaultException">Not understood.</exception>
    public static Order Parse(string[] arguments)
    {
        var order = new Order([], [false, true], 1000L * MiB, 5, 200);
        for (var at = 0; at < arguments.Length; at++)
        {
            var word = arguments[at];
            order = word switch
            {
                _ when Known.Contains(word, StringComparer.Ordinal) => order with { Ids = [.. order.Ids, word] },
                "--set-up" => order with { OnServers = SetUps(Next(arguments, ref at)) },
                "--size" => order with { Bytes = Size(Next(arguments, ref at)) },
                "--pairs" => order with { Pairs = Count(Next(arguments, ref at)) },
                "--rounds" => order with { Rounds = Count(Next(arguments, ref at)) },
                _ => throw Misread(word),
            };
        }

        return order.Ids.Length > 0 ? order : order with { Ids = [.. Known.Where(id => id != "p4")] };
    }

    static string Next(string[] arguments, ref int at) =>
        ++at < arguments.Length ? arguments[at] : throw Misread($"{arguments[at - 1]} without a value");

    static bool[] SetUps(string word) => word switch
    {
        "embedded" => [false],
        "servers" => [true],
        "both" => [false, true],
        _ => throw Misread(word),
    };

    static long Size(string word)
    {
        var unit = word.EndsWith("GB", StringComparison.Ordinal) ? 1000L * MiB : MiB;
        var isNumber = int.TryParse(word.AsSpan(0, Math.Max(0, word.Length - 2)), NumberStyles.None,
            CultureInfo.InvariantCulture, out var number);
        var isSize = isNumber && (unit > MiB || word.EndsWith("MB", StringComparison.Ordinal));
        return isSize && number * unit is > 0 and <= 2000L * MiB ? number * unit : throw Misread(word);
    }

    static int Count(string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count : throw Misread(word);

    static BenchmarkFaultException Misread(string word) => new($"not understood: {word}\n\n{Usage}", isUsage: true);
}
