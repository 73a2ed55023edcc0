using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using IsaExchange.Datasets.Validation;

namespace IsaExchange.Exchange.Submitting;

/// <summary>
/// Cube as bytes, before sealing: a line "isaexchange-cube v3", dataset, records, locations (exact, outward, unknown;
/// a hyphen where the dataset tells none), risk (see <see cref="RiskLine"/>), dimensions, fingerprint function, an
/// empty line, then one cell a line: area, codes, count, contributors (empty: not declared), fingerprint (hex), joined
/// by tabs. Codes hold no tab: specifications forbid it. Version 3 is the first with a line of risk; no exchange keeps
/// cubes of those before it.
/// </summary>
static class CubeFile
{
    const string Head = "isaexchange-cube v3";
    const string FingerprintFunction = "hmac-sha256-128-sum";

    const string NoLocations = "-";

    /// <summary>What most cells take.</summary>
    const int CellBytes = 96;

    public static ReadOnlyMemory<byte> Write(Cube cube)
    {
        var bytes = new ArrayBufferWriter<byte>(1024 + (cube.Cells.Count * CellBytes));
        Text(bytes, Head + "\n");
        Text(bytes, string.Create(CultureInfo.InvariantCulture, $"dataset {cube.Dataset}\n"));
        Text(bytes, string.Create(CultureInfo.InvariantCulture, $"records {cube.Records}\n"));
        Text(bytes, cube.Locations is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"locations {at.Exact} {at.Outward} {at.Unknown}\n")
            : $"locations {NoLocations}\n");
        Text(bytes, $"risk {RiskLine.Write(cube.Figures.Risk)}\n");
        Text(bytes, $"dimensions {string.Join(' ', cube.Dimensions)}\n");
        Text(bytes, $"fingerprint {FingerprintFunction}\n\n");
        foreach (var cell in cube.Cells)
            Write(bytes, cell);
        return bytes.WrittenMemory;
    }

    // Without strings on the way: the cells of a quarter are as many bytes as its records.
    static void Write(ArrayBufferWriter<byte> bytes, in CubeCell cell)
    {
        Text(bytes, cell.Area);
        foreach (var code in cell.Codes)
        {
            bytes.Write("\t"u8);
            Text(bytes, code);
        }

        Span<byte> end = stackalloc byte[80];
        if (!Utf8.TryWrite(
            end, CultureInfo.InvariantCulture,
            $"\t{cell.Count}\t\t{(ulong)(cell.Fingerprint >> 64):x16}{(ulong)cell.Fingerprint:x16}\n", out var length))
            throw new InvalidOperationException("A count and a fingerprint have 56 bytes at most.");
        bytes.Write(end[..length]);
    }

    static void Text(ArrayBufferWriter<byte> bytes, string text) => Encoding.UTF8.GetBytes(text, bytes);

    /// <exception cref="InvalidDataException">The bytes are authentic (they were sealed) but not a cube of this
    /// version.</exception>
    public static async Task<Cube> ReadAsync(Stream content, CancellationToken ct)
    {
        using var lines = new StreamReader(content, Encoding.UTF8);
        var (dataset, records, figures) = await BeginAsync(lines, ct);
        var dimensions = (await FieldAsync(lines, "dimensions", ct))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).ToImmutableArray();
        if (await FieldAsync(lines, "fingerprint", ct) != FingerprintFunction || await lines.ReadLineAsync(ct) != "")
            throw new InvalidDataException("A cube with an unknown fingerprint function.");
        var cells = new List<CubeCell>();
        while (await lines.ReadLineAsync(ct) is { } line)
            cells.Add(Cell(line.Split('\t'), dimensions.Length));
        return new Cube(dataset, dimensions, records, cells) { Figures = figures };
    }

    /// <summary>What a cube tells beside its counts, from its first lines alone.</summary>
    /// <exception cref="InvalidDataException">As of the whole.</exception>
    public static async Task<RecordFigures?> ReadFiguresAsync(Stream content, CancellationToken ct)
    {
        using var lines = new StreamReader(content, Encoding.UTF8);
        return (await BeginAsync(lines, ct)).Figures;
    }

    static async Task<(string Dataset, long Records, RecordFigures Figures)> BeginAsync(
        StreamReader lines, CancellationToken ct)
    {
        if (await lines.ReadLineAsync(ct) != Head)
            throw new InvalidDataException("Not a cube of version 3.");
        var dataset = await FieldAsync(lines, "dataset", ct);
        var records = long.Parse(await FieldAsync(lines, "records", ct), CultureInfo.InvariantCulture);
        var locations = Locations(await FieldAsync(lines, "locations", ct));
        return (dataset, records, new RecordFigures(locations, RiskLine.Read(await FieldAsync(lines, "risk", ct))));
    }

    static LocationQuality? Locations(string text)
    {
        if (text == NoLocations)
            return null;
        long[] counts = [.. text.Split(' ').Select(count => long.Parse(count, CultureInfo.InvariantCulture))];
        return counts is [var exact, var outward, var unknown]
            ? new LocationQuality(exact, outward, unknown)
            : throw new InvalidDataException("A cube whose locations are not three counts.");
    }

    static CubeCell Cell(string[] parts, int dimensions)
    {
        if (parts.Length != dimensions + 4)
            throw new InvalidDataException("A cube line with the wrong number of parts.");
        return new CubeCell(
            parts[0],
            [.. parts.AsSpan(1, dimensions)],
            long.Parse(parts[dimensions + 1], CultureInfo.InvariantCulture),
            UInt128.Parse(parts[dimensions + 3], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }

    static async Task<string> FieldAsync(StreamReader lines, string name, CancellationToken ct)
    {
        var line = await lines.ReadLineAsync(ct);
        return line is not null && line.StartsWith(name + " ", StringComparison.Ordinal)
            ? line[(name.Length + 1)..]
            : throw new InvalidDataException($"A cube without its line {name}.");
    }
}
