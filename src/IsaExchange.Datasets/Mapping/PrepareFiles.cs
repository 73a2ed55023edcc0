using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.Mapping;

/// <summary>Runs a mapping over files: the output appears whole, under its own name, or not at all.</summary>
public static class PrepareFiles
{
    /// <summary>
    /// Maps the inputs (CSV, CSV packed by gzip, or the first sheet of a workbook), in order, to
    /// <paramref name="outputPath"/>. Writes beside it under a temporary name and renames when there is no fault; on
    /// faults, cancellation or failure nothing is left behind. A crash leaves only a file ending in <c>.part</c>, which
    /// can be deleted.
    /// </summary>
    /// <param name="overwrite">Whether an existing output is replaced.</param>
    /// <param name="secondPath">The second file, when the mapping has one.</param>
    /// <param name="period">Null takes records of every day.</param>
    /// <exception cref="IOException">A file cannot be read or written, or the output exists.</exception>
    public static MappingReport Run(
        ColumnMapping mapping,
        IReadOnlyList<string> inputPaths,
        string outputPath,
        CancellationToken ct,
        IProgress<long>? bytesRead = null,
        bool overwrite = false,
        string? secondPath = null,
        MappingPeriod? period = null)
    {
        var target = Path.GetFullPath(outputPath);
        string?[] read = [.. inputPaths, secondPath, .. mapping.Tables];
        if (read.Any(input => input is not null && Path.GetFullPath(input) == target))
            return Refusal(Path.GetFileName(target));
        if (!overwrite && Path.Exists(target))
            throw new IOException($"{outputPath} exists; prepare into a new file or ask to overwrite it.");
        var part = $"{target}.{Guid.NewGuid():N}.part";
        try
        {
            var report = RunTo(mapping, inputPaths, secondPath, part, bytesRead, period, ct);
            if (report.Succeeded)
                File.Move(part, target, overwrite);
            return report;
        }
        finally
        {
            File.Delete(part);
        }
    }

    static MappingReport RunTo(
        ColumnMapping mapping,
        IReadOnlyList<string> inputPaths,
        string? secondPath,
        string part,
        IProgress<long>? bytesRead,
        MappingPeriod? period,
        CancellationToken ct)
    {
        string[] paths = secondPath is null ? [.. inputPaths] : [.. inputPaths, secondPath];
        var inputs = new List<Stream>();
        try
        {
            foreach (var path in paths)
                inputs.Add(SourceFile.Open(path));
            var names = inputPaths.Select(path => Path.GetFileName(path)).ToArray();
            var second = secondPath is null ? null : new MappingSecond(inputs[^1], Path.GetFileName(secondPath));
            using var output = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            return MappingRun.Run(
                mapping, inputs[..inputPaths.Count], names, output, ct, bytesRead, second, period);
        }
        catch (PackedContentException packed)
        {
            var name = Path.GetFileName(paths[inputs.Count]);
            return new MappingReport(0, 0, [MappingFaults.Packed(name, packed)], []) { FaultCount = 1 };
        }
        finally
        {
            foreach (var input in inputs)
                input.Dispose();
        }
    }

    static MappingReport Refusal(string output)
    {
        var fault = new MappingFault(MappingFaultKind.OutputIsInput, output, 0, 0, null, 0,
            "the output would overwrite an input, or a table of the mapping", "Name another file for the output.");
        return new MappingReport(0, 0, [fault], []) { FaultCount = 1 };
    }
}
