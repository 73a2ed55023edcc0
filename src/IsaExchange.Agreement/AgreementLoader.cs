using System.Text;
using IsaExchange.Agreement.Language;

namespace IsaExchange.Agreement;

/// <summary>
/// Reads an agreement as a whole: either all of it holds, or there is no agreement and every fault is listed.
/// With a <see cref="DatasetVocabulary"/> dataset ids and dimensions are checked as well.
/// </summary>
public static class AgreementLoader
{
    const int BytesMax = 1 << 20;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static AgreementLoadResult Load(string path) => Load(path, datasets: null);

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static AgreementLoadResult Load(string path, DatasetVocabulary? datasets) =>
        Load(path, datasets, today: null);

    /// <param name="today">For the review: one that is past is a fault of the text on that day. Null leaves it to
    /// the decisions, which stop publishing when its grace has run out.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static AgreementLoadResult Load(string path, DatasetVocabulary? datasets, DateOnly? today)
    {
        var fileName = Path.GetFileName(path);
        if (new FileInfo(path).Length > BytesMax)
            return Refused(fileName, "the file is larger than 1 MiB", "split it: one agreement per file");
        try
        {
            var yaml = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            return Parse(yaml.TrimStart('\uFEFF'), fileName, datasets, today);
        }
        catch (DecoderFallbackException)
        {
            return Refused(fileName, "the file is not UTF-8", "save it as UTF-8");
        }
    }

    public static AgreementLoadResult Parse(string yaml, string fileName) => Parse(yaml, fileName, datasets: null);

    public static AgreementLoadResult Parse(string yaml, string fileName, DatasetVocabulary? datasets) =>
        Parse(yaml, fileName, datasets, today: null);

    public static AgreementLoadResult Parse(
        string yaml, string fileName, DatasetVocabulary? datasets, DateOnly? today)
    {
        var faults = new AgreementFaults(fileName);
        var tree = YamlTreeReader.Read(yaml, faults);
        if (tree is YamlMap map)
        {
            var root = new ClauseReader(map, "", faults);
            var text = new AgreementReader(root, new DefinedIds(map), datasets).Read();
            new AgreementCheck(text, root).Run(today);
            new GovernanceCheck(text, root).Run();
            new SuccessionCheck(text, root.Faults).Run();
            if (!faults.Any)
            {
                var warnings = new AgreementFaults(fileName);
                new AgreementWarnings(text, warnings).Run();
                return new AgreementLoadResult(new SharingAgreement(text, yaml), []) { Warnings = warnings.ByLine };
            }
        }
        else if (tree is not null)
        {
            faults.Add(tree.Line, "file", "the file is not a mapping", "begin with agreement: and an id");
        }

        return new AgreementLoadResult(null, faults.ByLine);
    }

    static AgreementLoadResult Refused(string fileName, string message, string remedy) =>
        new(null, [new AgreementFault(fileName, 1, "file", message, remedy)]);
}
