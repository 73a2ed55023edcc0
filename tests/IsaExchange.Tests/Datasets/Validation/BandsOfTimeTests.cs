using IsaExchange.Datasets.Specs;
using IsaExchange.Datasets.Validation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Validation;

/// <summary>Weekdays and bands of hours are read off the date and the time of a record.</summary>
public class BandsOfTimeTests
{
    /// <summary>Recorded crime by these bands besides; the date of the offence stands for a month or a range too.
    /// </summary>
    static ValidationPlan Plan(params int[] starts)
    {
        var spec = TestDatasets.Catalog.Find("police-recorded-crime")!;
        return TestDatasets.Plan(spec with
        {
            Derived =
            [
                .. spec.Derived,
                new DerivedDimension("weekday", "event_date", [])
                {
                    Kind = DerivedKind.Weekday,
                    Unless = new ValueCondition("date_precision", ["month", "range"]),
                },
                new DerivedDimension("hours", "event_time", []) { Kind = DerivedKind.Hours, Starts = starts },
            ],
            CubeDimensions = ["weekday", "hours"],
        });
    }

    static (string Weekday, string Hours) Of(ValidationPlan plan, string day, string precision, string time)
    {
        var sink = new RecordingSink();
        var report = plan.Validate(System.Text.Encoding.UTF8.GetBytes(TestDatasets.CrimeHeader
            + $"\nE22000001,1,BURGLARY,28E,2018-12-30,{day},,{precision},{time},,none\n"), sink: sink);
        Assert.True(report.AcceptedCount == 1, string.Join("; ", report.Places()));
        var at = sink.Records.Single().Dimensions;
        return (plan.Dimensions[0].Codes[at[0]], plan.Dimensions[1].Codes[at[1]]);
    }

    [Theory]
    [InlineData("2018-10-01", "day", "", "MON", "")]
    [InlineData("2018-10-07", "minute", "00:00", "SUN", "00-05")]
    [InlineData("2018-10-06", "minute", "05:59", "SAT", "00-05")]
    [InlineData("2018-10-03", "hour", "06:00", "WED", "06-11")]
    [InlineData("2018-10-04", "hour", "17:59", "THU", "12-17")]
    [InlineData("2018-10-05", "minute", "23:59", "FRI", "18-23")]
    [InlineData("2018-10-02", "month", "", "", "")]
    public void Record_IsCountedByWeekdayAndHours(
        string day, string precision, string time, string weekday, string hours) =>
        Assert.Equal((weekday, hours), Of(Plan(0, 6, 12, 18), day, precision, time));

    [Theory]
    [InlineData("21:59", "14-21")]
    [InlineData("22:00", "22-05")]
    [InlineData("00:00", "22-05")]
    [InlineData("05:59", "22-05")]
    [InlineData("06:00", "06-13")]
    public void LastBand_GoesOnOverMidnight(string time, string hours) =>
        Assert.Equal(("MON", hours), Of(Plan(6, 14, 22), "2018-10-01", "minute", time));

    [Fact]
    public void Titles_SayWhatTheCodesAre()
    {
        var plan = Plan(6, 14, 22);
        Assert.Equal(
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Not known"],
            plan.Dimensions[0].Titles);
        Assert.Equal(
            ["06:00 to 13:59", "14:00 to 21:59", "22:00 to 05:59", "Not known"], plan.Dimensions[1].Titles);
    }

    [Fact]
    public void Weekday_IsThatOfTheCalendar()
    {
        // Offences long past are asked about, and counted: over 1900, which was no leap year, and 2000, which was.
        var (first, last) = (new DateOnly(1899, 6, 1), new DateOnly(2018, 12, 30));
        List<DateOnly> days = [.. Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays)];
        var rows = days.Select((day, i) =>
            $"E22000001,{i + 1},BURGLARY,28E,2018-12-30,{day:yyyy-MM-dd},,day,,,none\n");
        var sink = new RecordingSink();
        Plan(0, 12).Validate(System.Text.Encoding.UTF8.GetBytes(
            $"{TestDatasets.CrimeHeader}\n{string.Concat(rows)}"), sink: sink);
        Assert.Equal(days.Select(d => ((int)d.DayOfWeek + 6) % 7), sink.Records.Select(r => r.Dimensions[0]));
    }

    [Theory]
    [InlineData("ambulance-calls")]
    [InlineData("council-asb")]
    [InlineData("police-incidents")]
    public void DatasetsWithDateAndTime_AreCountedByBoth(string dataset)
    {
        var spec = TestDatasets.Catalog.Find(dataset)!;
        Assert.Equal(["weekday", "hours"], spec.CubeDimensions.TakeLast(2));
        var export = TableSchemaExport.TableSchema(spec);
        Assert.Contains("the weekday of event_date, not known when date_precision is month", export,
            StringComparison.Ordinal);
        Assert.Contains("the hours of event_time, not known when it is empty", export, StringComparison.Ordinal);
        Assert.Contains("| `18-23` | 18:00 to 23:59 |", DatasetPage.Markdown(spec), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weekday_of: event_date,", "weekday_of: event_time,", "comes from no date")]
    [InlineData("hours_of: event_time,", "hours_of: event_date,", "comes from no time")]
    [InlineData("hours_of: event_time,", "hours_of: nothing,", "comes from no time")]
    [InlineData("starts: [0, 6, 12, 18]", "starts: [0]", "no bands of hours")]
    [InlineData("starts: [0, 6, 12, 18]", "starts: [6, 0]", "no bands of hours")]
    [InlineData("starts: [0, 6, 12, 18]", "starts: [0, 24]", "no bands of hours")]
    [InlineData("starts: [0, 6, 12, 18]", "starts: [0, six]", "must be a whole number")]
    [InlineData(", starts: [0, 6, 12, 18]", "", "no bands of hours")]
    [InlineData("field: date_precision, is: [month]", "field: date_precision, is: [year]", "depends on no required")]
    [InlineData("field: date_precision, is: [month]", "field: event_time, is: [month]", "depends on no required")]
    [InlineData("field: date_precision, is: [month]", "field: date_precision, is: []", "depends on no required")]
    [InlineData("starts: [0, 6, 12, 18]", "unless: {field: date_precision, is: [month]}", "'unless'")]
    [InlineData("starts: [0, 6, 12, 18]", "members: [{code: A, title: A, ranges: [A]}]", "has members")]
    public void BandsThatDoNotFit_AreRefused(string part, string instead, string words)
    {
        var yaml = File.ReadAllText(Path.Combine(
            Outside.SharedFolders.Repository, "policies", "datasets", "ambulance-calls.yaml"));
        Assert.Contains(part, yaml, StringComparison.Ordinal);
        var loaded = DatasetSpecLoader.Parse(yaml.Replace(part, instead, StringComparison.Ordinal), "test.yaml");
        Assert.Null(loaded.Spec);
        Assert.Contains(loaded.Faults, f => f.Message.Contains(words, StringComparison.Ordinal));
    }
}
