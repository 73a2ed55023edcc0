using System.Text;
using IsaExchange.Agreement;
using IsaExchange.Agreement.Language;

namespace IsaExchange.Fuzz.Harnesses;

/// <summary>
/// The loader of agreements. Bytes are one agreement or faults; what an agreement means does not depend on how it is
/// laid out, and what a text lacks does not either.
/// </summary>
sealed class AgreementHarness : Harness
{
    const int ContentBytesMax = 1 << 15;

    public override string Name => "agreement";

    public override bool Try(ReadOnlySpan<byte> content)
    {
        if (content.Length > ContentBytesMax)
            return false;
        var yaml = Encoding.UTF8.GetString(content);
        var loaded = AgreementLoader.Parse(yaml, "agreement.yaml");
        BrokenPromiseException.Unless(
            loaded.Agreement is null == loaded.Faults.Count > 0, "there is an agreement, or a fault says why not");
        AssertPlaced(yaml, loaded.Faults);
        AssertPlaced(yaml, loaded.Warnings);
        AssertLayoutSaysNothing(yaml, loaded);
        if (loaded.Agreement is not { } agreement)
            return false;
        BrokenPromiseException.Unless(
            agreement.Revision == CanonicalForm.Revision(agreement.Text), "the revision is that of the canonical form");
        return true;
    }

    static void AssertPlaced(string yaml, IReadOnlyList<AgreementFault> faults)
    {
        // YAML counts NEL, LS and PS as ends of lines too; a fault of the end stands one line below the last.
        var lines = 2 + yaml.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029');
        foreach (var fault in faults)
        {
            BrokenPromiseException.Unless(fault.Line >= 1 && fault.Line <= lines, "a fault has a line of the file");
            BrokenPromiseException.Unless(
                fault.Clause.Length > 0 && fault.Message.Length > 0 && fault.Remedy.Length > 0,
                "a fault has a clause, a sentence and a remedy");
        }
    }

    static void AssertLayoutSaysNothing(string yaml, AgreementLoadResult loaded)
    {
        var faults = new AgreementFaults("agreement.yaml");
        if (YamlTreeReader.Read(yaml, faults) is not { } tree || faults.Any)
            return;
        var again = AgreementLoader.Parse(FlowYaml.Write(tree), "agreement.yaml");
        BrokenPromiseException.Unless(
            again.Agreement?.Revision == loaded.Agreement?.Revision, "the revision moves with the meaning only");
        BrokenPromiseException.Unless(
            loaded.Agreement is null
                || CanonicalForm.Write(again.Agreement!.Text) == CanonicalForm.Write(loaded.Agreement.Text),
            "the canonical form is the same in every layout");
        // On one line the same fault of two clauses is told once.
        BrokenPromiseException.Unless(
            again.Faults.Select(f => f.Message).ToHashSet().SetEquals(loaded.Faults.Select(f => f.Message)),
            "the faults are the same in every layout");
    }
}
