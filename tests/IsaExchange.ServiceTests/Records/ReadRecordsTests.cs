using System.Security.Cryptography;
using Grpc.Core;
using IsaExchange.ServiceTests.Harness;
using IsaExchange.V1;
using Xunit;

namespace IsaExchange.ServiceTests.Records;

/// <summary>Whoever the agreement lets reads exactly what it opens; the owner sees who did.</summary>
[Collection(RecordsTogether.Name)]
public sealed class ReadRecordsTests(RecordsExchange northmere)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RelevantAuthority_ReadsItsAreasRecordsWithTheOpenColumns()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        foreach (var (who, area) in new[]
        {
            (RecordsExchange.DistrictOfficer, "X22000001"), (Northmere.CouncilAnalyst, "X22000002"),
            (RecordsExchange.FireOfficer, "X22000001"), (Northmere.WestOfficer, "X22000002"),
        })
        {
            var read = await northmere.ReadAsync(who, RecordsExchange.Ask(file.Quarter, area));
            Assert.Equal(file.Expected(area), read.Text);
            Assert.Equal(CrimeFile.Open.Split(','), read.Head.Columns);
            Assert.Equal(SHA256.HashData(read.Content), read.End.Sha256.ToByteArray());
            Assert.Equal((read.Content.Length, read.Text.Count('\n'.Equals) - 1),
                (read.End.SizeBytes, read.End.RowCount));
            var source = Assert.Single(read.Head.Sources);
            Assert.Equal((submitted.Name, submitted.ContentSha256), (source.Submission, source.ContentSha256));
            Assert.Empty(read.Head.MissingAreas);
        }
    }

    [Fact]
    public async Task ColumnsAsked_AreThoseAndInTheOrderOfTheSpecification()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        await northmere.SubmitAsync(file);
        var request = RecordsExchange.Ask(file.Quarter);
        request.Columns.Add(["event_date", "area"]);
        var read = await northmere.ReadAsync(Northmere.CouncilAnalyst, request);
        Assert.StartsWith("area,event_date\nX22000001,", read.Text, StringComparison.Ordinal);
        Assert.Equal(6, read.End.RowCount);

        request.Columns.Add("recorded_date");
        var outside = await northmere.RefusedAsync(Northmere.CouncilAnalyst, request);
        Assert.Equal("PermissionDenied COLUMN_NOT_PERMITTED", outside.ToString());
        Assert.Contains("recorded_date", outside.Message, StringComparison.Ordinal);
        Assert.Equal("records[police-recorded-crime]", outside["clause"]);

        request.Columns[2] = "Qzsurname";
        var unknown = await northmere.RefusedAsync(Northmere.CouncilAnalyst, request);
        Assert.Equal("InvalidArgument UNKNOWN_COLUMN", unknown.ToString());
        Assert.DoesNotContain("Qzsurname", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MonthOfAQuarter_IsThatMonthAlone()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        await northmere.SubmitAsync(file);
        var first = new DateOnly(file.Quarter.StartDate.Year, file.Quarter.StartDate.Month, 1);
        var read = await northmere.ReadAsync(
            Northmere.CouncilAnalyst, RecordsExchange.Ask(Northmere.Months(first.AddMonths(1), 1)));
        Assert.Equal(file.Expected("X22000001", $"{first.AddMonths(1):yyyy-MM}"), read.Text);
        Assert.Equal(2, read.End.RowCount);
    }

    [Fact]
    public async Task AreaThatNobodySubmitted_IsMissingAndNotEmpty()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        await northmere.SubmitAsync(file);
        var read = await northmere.ReadAsync(
            Northmere.CouncilAnalyst, RecordsExchange.Ask(file.Quarter, "X22000001", "X22000003"));
        Assert.Equal(["X22000003"], read.Head.MissingAreas);
        Assert.Equal(file.Expected("X22000001"), read.Text);
        var nothing = await northmere.RefusedAsync(
            Northmere.CouncilAnalyst, RecordsExchange.Ask(file.Quarter, "X22000003"));
        Assert.Equal("FailedPrecondition NOTHING_SUBMITTED", nothing.ToString());
    }

    [Fact]
    public async Task NilReturn_IsNoRecordsAndNotMissing()
    {
        var quarter = northmere.NextQuarter();
        var request = northmere.Sender.Request(quarter, CrimeFile.Areas);
        (request.Submission.ContentKind, request.Submission.NilReturnReason) =
            (ContentKind.NilReturn, "Nothing was recorded.");
        var created = await northmere.Sender.CreateAsync(request);
        await northmere.Sender.SubmitAsync(created.Name);
        var read = await northmere.ReadAsync(Northmere.CouncilAnalyst, RecordsExchange.Ask(quarter));
        Assert.Equal((CrimeFile.Open + "\n", 0), (read.Text, read.End.RowCount));
        Assert.True(Assert.Single(read.Head.Sources).NilReturn);
        Assert.Empty(read.Head.MissingAreas);
    }

    [Fact]
    public async Task WhatIsNotSubmittedYet_OrNoMore_IsNotRead()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var ready = await northmere.Sender.SendAsync(
            northmere.Sender.Request(file.Quarter, CrimeFile.Areas), file.Content);
        var early = await northmere.RefusedAsync(Northmere.CouncilAnalyst, RecordsExchange.Ask(file.Quarter));
        Assert.Equal("FailedPrecondition NOTHING_SUBMITTED", early.ToString());
        var submitted = await northmere.Sender.SubmitAsync(ready.Name);

        var corrected = await northmere.CorrectAsync(submitted, file with { Repeats = 2 });
        var read = await northmere.ReadAsync(Northmere.CouncilAnalyst, RecordsExchange.Ask(file.Quarter));
        Assert.Equal(corrected.Name, Assert.Single(read.Head.Sources).Submission);
        Assert.Equal(12, read.End.RowCount);
    }

    public static TheoryData<string, string, string, string> Refusals => new()
    {
        { RecordsExchange.DistrictOfficer, "X22000002", "problem-solving", "PermissionDenied AREA_NOT_COVERED" },
        { Northmere.CouncilAnalyst, "X10000001", "problem-solving", "PermissionDenied AREA_NOT_COVERED" },
        { Northmere.CouncilAnalyst, "X22000001", "partnership-plan", "PermissionDenied PURPOSE_NOT_PERMITTED" },
        { Northmere.CouncilAnalyst, "X22000001", "press-office", "PermissionDenied PURPOSE_NOT_PERMITTED" },
        { Northmere.CouncilAnalyst, "X22000001", "", "PermissionDenied PURPOSE_REQUIRED" },
        { Northmere.CouncilAnalyst, "", "problem-solving", "PermissionDenied AREA_NOT_COVERED" },
        { RecordsExchange.InvitedOfficer, "X22000001", "problem-solving", "NotFound NOT_FOUND" },
        { RecordsExchange.UnsignedOfficer, "X22000003", "problem-solving", "PermissionDenied PARTY_NOT_SIGNED" },
        { Northmere.PoliceSender, "X22000001", "problem-solving", "PermissionDenied ROLE_NOT_PERMITTED" },
        { Northmere.WestSender, "X22000001", "problem-solving", "PermissionDenied ROLE_NOT_PERMITTED" },
        { Northmere.Steward, "X22000001", "problem-solving", "PermissionDenied ROLE_NOT_PERMITTED" },
        { Northmere.Auditor, "X22000001", "problem-solving", "PermissionDenied ROLE_NOT_PERMITTED" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task WhoeverMayNot_IsRefusedAndStandsInTheLog(
        string who, string area, string purpose, string expected)
    {
        var before = northmere.Catalogue.Events("read.records");
        var request = RecordsExchange.Ask(Northmere.Quarter(2019, 4));
        request.Purpose = purpose;
        request.Areas.Clear();
        if (area.Length > 0)
            request.Areas.Add(area);
        Assert.Equal(expected, (await northmere.RefusedAsync(who, request)).ToString());
        Assert.Equal(before + 1, northmere.Catalogue.Events("read.records"));
        Assert.False((await northmere.AccessesAsync()).First(a => a.Action == "read.records").Allowed);
    }

    [Fact]
    public async Task ClosedDataset_IsNotThereForOthers()
    {
        var request = RecordsExchange.Ask(Northmere.Month(2019, 4));
        request.Parent = Northmere.Street;
        Assert.Equal(
            "NotFound NOT_FOUND", (await northmere.RefusedAsync(Northmere.CouncilAnalyst, request)).ToString());
        Assert.Equal("PermissionDenied RECORDS_CLOSED",
            (await northmere.RefusedAsync(Northmere.PoliceOfficer, request)).ToString());
    }

    [Fact]
    public async Task Read_IsInTheLogBeforeItsFirstByteAndAgainWhenItIsDone()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        var submitted = await northmere.SubmitAsync(file);
        var begun = northmere.Catalogue.Events("read.records");
        using (var call = northmere.Submissions(RecordsExchange.DistrictOfficer).ReadRecords(
            RecordsExchange.Ask(file.Quarter), cancellationToken: Stop))
        {
            Assert.True(await call.ResponseStream.MoveNext(Stop));
            Assert.Equal(begun + 1, northmere.Catalogue.Events("read.records"));
            await foreach (var _ in call.ResponseStream.ReadAllAsync(Stop))
            {
            }
        }

        var told = (await northmere.AccessesAsync()).Where(a =>
            a.Object.StartsWith(submitted.Name + "/records/", StringComparison.Ordinal)).ToList();
        Assert.Equal(["read.records_done", "read.records"], told.Select(a => a.Action));
        Assert.Single(told.Select(a => a.Object).Distinct());
        Assert.All(told, a => Assert.Equal(
            (RecordsExchange.DistrictParty, "Gareth Lowe", "problem-solving", true),
            (a.Party, a.ActorName, a.Purpose, a.Allowed)));
        Assert.Contains("records[police-recorded-crime]", told[1].Clauses);
        Assert.Equal((6, file.Expected("X22000001").Length, ""), (told[0].Rows, told[0].Bytes, told[0].Reason));
    }

    [Fact]
    public async Task TwoAtOnce_EachGetAllOfIt()
    {
        var file = new CrimeFile(northmere.NextQuarter(), Repeats: 2000);
        await northmere.SubmitAsync(file);
        var reads = await Task.WhenAll(
            northmere.ReadAsync(Northmere.CouncilAnalyst, RecordsExchange.Ask(file.Quarter)),
            northmere.ReadAsync(RecordsExchange.DistrictOfficer, RecordsExchange.Ask(file.Quarter)));
        Assert.All(reads, read => Assert.Equal(file.Expected("X22000001"), read.Text));
    }

    [Fact]
    public async Task CutStream_HasNoEndAndTheLogSaysHowMuchLeft()
    {
        var file = new CrimeFile(northmere.NextQuarter(), Repeats: 20_000);
        await northmere.SubmitAsync(file);
        var done = northmere.Catalogue.Events("read.records_done");
        using (var call = northmere.Submissions(Northmere.CouncilAnalyst).ReadRecords(
            RecordsExchange.Ask(file.Quarter), cancellationToken: Stop))
        {
            Assert.True(await call.ResponseStream.MoveNext(Stop));
            Assert.True(await call.ResponseStream.MoveNext(Stop));
        }

        for (var tries = 0; northmere.Catalogue.Events("read.records_done") == done; tries++)
        {
            Assert.True(tries < 100, "Nothing says how the read ended.");
            await Task.Delay(100, Stop);
        }

        var told = (await northmere.AccessesAsync()).First(a => a.Action == "read.records_done");
        Assert.Equal("CUT_SHORT", told.Reason);
        Assert.InRange(told.Rows, 1, 119_999);
        Assert.InRange(told.Bytes, 1, file.Expected("X22000001").Length - 1);
    }

    [Fact]
    public async Task DamagedObject_EndsTheStreamWithoutItsEnd()
    {
        var file = new CrimeFile(northmere.NextQuarter(), Repeats: 2000);
        var submitted = await northmere.SubmitAsync(file);
        await northmere.Objects.DamageAsync(await northmere.ObjectOfAsync(submitted), fromEnd: 100);
        var problem = await northmere.RefusedAsync(Northmere.CouncilAnalyst, RecordsExchange.Ask(file.Quarter));
        Assert.Equal("DataLoss STORED_OBJECT_CORRUPT", problem.ToString());
        var told = (await northmere.AccessesAsync()).First(a => a.Action == "read.records_done");
        Assert.Equal("STORED_OBJECT_CORRUPT", told.Reason);

        var target = Path.Combine(northmere.Exchange.Root, "damaged.csv");
        var ran = await northmere.Exchange.IsaxAsync(
            Northmere.CouncilAnalyst, "records", "--party", "northmere-police", "--dataset", RecordsExchange.Dataset,
            "--period", PeriodWord(file.Quarter), "--area", "X22000001", "--purpose", "problem-solving",
            "--out", target);
        Assert.True(ran.ExitCode == 8, $"{ran}");
        Assert.False(File.Exists(target) || File.Exists(target + ".part"));
    }

    [Fact]
    public async Task Isax_WritesTheFileAndTheOwnerSeesIt()
    {
        var file = new CrimeFile(northmere.NextQuarter());
        await northmere.SubmitAsync(file);
        var target = Path.Combine(northmere.Exchange.Root, "crime.csv");
        string[] verb =
        [
            "records", "--party", "northmere-police", "--dataset", RecordsExchange.Dataset, "--period",
            PeriodWord(file.Quarter), "--area", "X22000001,X22000003", "--purpose", "problem-solving",
        ];
        var ran = await northmere.Exchange.IsaxAsync(Northmere.CouncilAnalyst, [.. verb, "--out", target]);
        Assert.True(ran.ExitCode == 0, $"{ran}");
        Assert.Equal(file.Expected("X22000001"), await File.ReadAllTextAsync(target, Stop));
        Assert.Contains("MISSING: X22000003", $"{ran}", StringComparison.Ordinal);
        var shown = await northmere.Exchange.IsaxAsync(Northmere.CouncilAnalyst, verb);
        Assert.Equal(file.Expected("X22000001"), shown.Output);

        var refused = await northmere.Exchange.IsaxAsync(RecordsExchange.DistrictOfficer, verb);
        Assert.True(refused.ExitCode == 4, $"{refused}");
        var who = await northmere.Exchange.IsaxAsync(
            Northmere.PoliceOfficer, "who", "--dataset", RecordsExchange.Dataset);
        Assert.Contains("read.records_done", who.Output, StringComparison.Ordinal);
        Assert.Contains("Priya Raman", who.Output, StringComparison.Ordinal);
    }

    static string PeriodWord(Period quarter) => $"{quarter.StartDate.Year:D4}-{quarter.StartDate.Month:D2}-01/P3M";
}
