using IsaExchange.Agreement;

namespace IsaExchange.Cli.Demo;

/// <summary>A quarter in the sample county Northmere, from what is due to who read it.</summary>
sealed class DemoJourney(DemoStage stage, InformationPeriod quarter, long seed, string files)
{
    const string Crime = "police-recorded-crime";
    const string Admissions = "hospital-admissions";
    const string Purpose = "strategic-assessment";
    const int CrimeRecords = 20_000;
    const int AdmissionRecords = 900;

    const string PoliceOfficer = "amara-okafor";
    const string PoliceSender = "northmere-police.records-system";
    const string WestSender = "northmere-west-health.data-warehouse";
    const string WestOfficer = "fatima-noor";
    const string EastOfficer = "daniel-okoro";
    const string Steward = "tom-ellery";
    const string Analyst = "priya-raman";

    static readonly string[] WestAreas = ["X22000001", "X22000002"];
    static readonly string[] EastAreas = ["X22000003", "X22000004"];

    public async Task Run()
    {
        WriteFiles();
        await WhatIsDue();
        await PoliceSend();
        await WestSendsFaults();
        await WestCorrects();
        await ReleaseWithAGap();
        await EastCompletes();
        await AnalystReads();
        await WhoReadIt();
    }

    void WriteFiles()
    {
        Write("recorded-crime.csv", s =>
            SyntheticQuarter.WritePoliceRecordedCrime(s, seed, quarter.Start, CrimeRecords));
        Write("west-faulty.csv", s => SyntheticQuarter.WriteFaultyHospitalAdmissions(
            s, seed, quarter.Start, WestAreas, AdmissionRecords));
        Write("west.csv", s =>
            SyntheticQuarter.WriteHospitalAdmissions(s, seed, quarter.Start, WestAreas, AdmissionRecords));
        Write("east.csv", s =>
            SyntheticQuarter.WriteHospitalAdmissions(s, seed + 1, quarter.Start, EastAreas, AdmissionRecords));
    }

    async Task WhatIsDue()
    {
        stage.Scene("The liaison officer of Northmere Police asks what is due. The calendar is the law's: "
            + "four quarters a year.");
        var said = await stage.Isax(PoliceOfficer, ExitCode.Ok, 12, "due", "--dataset", Crime);
        DemoStage.Expect(said.Contains(Crime, StringComparison.Ordinal), "recorded crime to be due");
    }

    async Task PoliceSend()
    {
        stage.Scene($"The police records system sends recorded crime of {quarter}, unattended, and gets a receipt.");
        var said = await stage.Isax(PoliceSender, ExitCode.Ok, 14, Sending("recorded-crime.csv", Crime));
        DemoStage.Expect(Submitted(said), "a receipt");
    }

    async Task WestSendsFaults()
    {
        stage.Scene("West health sends a file with faults: each is told by rule, line and column, never by its value. "
            + "The file is not kept.");
        var said = await stage.Isax(WestSender, ExitCode.ValidationErrors, 40, Sending("west-faulty.csv", Admissions));
        DemoStage.Expect(LastLine(said).StartsWith("NOT SUBMITTED", StringComparison.Ordinal),
            "nothing to be submitted");
    }

    async Task WestCorrects()
    {
        stage.Scene("West health corrects the source, checks the new file offline, and sends it again.");
        await stage.Isax("", ExitCode.Ok, 8,
            "validate", At("west.csv"), "--dataset", Admissions, "--period", quarter.Iso,
            "--areas", string.Join(',', WestAreas));
        var said = await stage.Isax(WestSender, ExitCode.Ok, 10, Sending("west.csv", Admissions));
        DemoStage.Expect(Submitted(said), "a receipt");
        await stage.Isax(WestOfficer, ExitCode.Ok, 14,
            "receipt", Names(said), "--verify", "--out", At("west-receipt.txt"));
    }

    async Task ReleaseWithAGap()
    {
        stage.Scene("The steward publishes. East health has not sent yet: its areas are MISSING, and never zero.");
        await stage.Isax(Steward, ExitCode.Ok, 14, Publishing("recorded-crime-by-csp"));
        var said = await stage.Isax(Steward, ExitCode.Ok, 20, Publishing("admissions-by-csp"));
        DemoStage.Expect(said.Contains("MISSING", StringComparison.Ordinal), "east health to be missing");
        await stage.Isax(Analyst, ExitCode.Ok, 12, Getting("admissions-by-csp", Purpose, "admissions-1"));
        var table = Path.Combine(At("admissions-1"), "area-by-block.csv");
        stage.Head(table, 4, line => line.Contains("[x]", StringComparison.Ordinal));
        DemoStage.Expect(File.ReadAllText(table).Contains("[x]", StringComparison.Ordinal), "cells to be marked [x]");
    }

    async Task EastCompletes()
    {
        stage.Scene("East health's liaison officer sends and submits; the steward publishes release 2. "
            + "Release 1 stays as it is.");
        var said = await stage.Isax(EastOfficer, ExitCode.Ok, 10, Sending("east.csv", Admissions));
        DemoStage.Expect(Submitted(said), "a receipt");
        said = await stage.Isax(Steward, ExitCode.Ok, 16,
            [.. Publishing("admissions-by-csp"), "--note", "east health is in"]);
        DemoStage.Expect(!said.Contains("MISSING", StringComparison.Ordinal), "nobody to be missing");
        await stage.Isax(Analyst, ExitCode.Ok, 10, "releases", "admissions-by-csp");
    }

    async Task AnalystReads()
    {
        stage.Scene("The county's analyst takes the aggregates for the strategic assessment. Another purpose is "
            + "refused, with the clause that says so and whom to ring.");
        await stage.Isax(Analyst, ExitCode.Ok, 14, Getting("recorded-crime-by-csp", Purpose, "crime-1"));
        stage.Head(Path.Combine(At("crime-1"), "area-by-group.csv"), 6);
        await stage.Isax(Analyst, ExitCode.Ok, 12, Getting("admissions-by-csp@2", Purpose, "admissions-2"));
        stage.Head(
            Path.Combine(At("admissions-2"), "area-by-block.csv"), 4,
            line => line.Contains("[c]", StringComparison.Ordinal));
        stage.Remark("");
        stage.Remark("(small counts say [c] and the rest is rounded: the regime of that feed)");
        var said = await stage.Isax(Analyst, ExitCode.Refused, 10,
            Getting("admissions-by-csp", "press-office", "press"));
        DemoStage.Expect(said.Contains("clause:", StringComparison.Ordinal), "the clause that refuses");
        await stage.Isax(Analyst, ExitCode.Refused, 10,
            "can-i", "read-release", "feeds/admissions-by-csp", "--purpose", "press-office");
    }

    async Task WhoReadIt()
    {
        stage.Scene("West health's liaison officer asks who accessed its admissions, then takes the log home "
            + "and checks it offline.");
        var said = await stage.Isax(WestOfficer, ExitCode.Ok, 16, "who", "--dataset", Admissions);
        DemoStage.Expect(said.Contains("read.release_file", StringComparison.Ordinal),
            "the analyst's reads to be listed");
        await stage.Isax(WestOfficer, ExitCode.Ok, 10, "audit", "export", "--out", At("audit"));
        said = await stage.Isax(WestOfficer, ExitCode.Ok, 10, "audit", "verify", At("audit"));
        DemoStage.Expect(said.Contains("verified", StringComparison.Ordinal), "the log to be verified");
    }

    void Write(string name, Action<Stream> write)
    {
        using var file = File.Create(At(name));
        write(file);
    }

    string At(string name) => Path.Combine(files, name);

    string[] Sending(string file, string dataset) =>
        ["send", At(file), "--dataset", dataset, "--period", quarter.Iso, "--submit"];

    string[] Publishing(string feed) => ["release", "publish", feed, "--period", quarter.Iso];

    string[] Getting(string release, string purpose, string folder) =>
        ["get", release, "--purpose", purpose, "--out", At(folder)];

    static bool Submitted(string said) => LastLine(said).StartsWith("SUBMITTED, receipt ", StringComparison.Ordinal);

    static string LastLine(string said) => said.TrimEnd().Split('\n')[^1];

    // "SUBMITTED, receipt NAME of TIME, on time"
    static string Names(string said) => LastLine(said).Split(' ')[2];
}
