using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace IsaExchange.Exchange.Submitting;

/// <summary>
/// Cube as bytes, before sealing: a line "isaexchange-cube v1", dataset, records, dimensions, fingerprint function, an
/// empty line, then one cell a line: area, codes, count, contributors (empty: not declared), fingerprint (hex),
/// joined by
/// tabs. Codes hold no tab: specifications forbid it.
/// </summary>
static class CubeFile
{
    const string Head = "isaexchange-cube v1";
    const string FingerprintFunction = "hmac-sha256-128-sum";

    public static byte[] Write(Cube cube)
    {
        var text = new StringBuilder();
        text.Append(Head).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"dataset {cube.Dataset}\n");
        text.Append(CultureInfo.InvariantCulture, $"records {cube.Records}\n");
        text.Append(CultureInfo.InvariantCulture, $"dimensions {string.Join(' ', cube.Dimensions)}\n");
        text.Append(CultureInfo.InvariantCulture, $"fingerprint {FingerprintFunction}\n\n");
        foreach (var cell in cube.Cells)
        {
            text.Append(cell.Area).Append('\t').AppendJoin('\t', cell.Codes);
            text.Append(CultureInfo.InvariantCulture, $"\t{cell.Count}\t\t{cell.Fingerprint:x32}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <exception cref="InvalidDataException">The bytes are authentic (they were sealed) but not a cube of this
    /// version.</exception>
    public static async Task<Cube> ReadAsync(Stream content, CancellationToken ct)
    {
        using var lines = new StreamReader(content, Encoding.UTF8);
        if (await lines.ReadLineAsync(ct) != Head)
            throw new InvalidDataException("Not a cube of version 1.");
        var dataset = await FieldAsync(lines, "dataset", ct);
        var records = long.Parse(await FieldAsync(lines, "records", ct), CultureInfo.InvariantCulture);
        var dimensions = (await FieldAsync(lines, "dimensions", ct))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).ToImmutableArray();
        if (await FieldAsync(lines, "fingerprint", ct) != FingerprintFunction || await lines.ReadLineAsync(ct) != "")
            throw new InvalidDataException("A cube with an unknown fingerprint function.");
        var cells = new List<CubeCell>();
        while (await lines.ReadLineAsync(ct) is { } line)
            cells.Add(Cell(line.Split('\t'), dimensions.Length));
        return new Cube(dataset, dimensions, records, cells);
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
