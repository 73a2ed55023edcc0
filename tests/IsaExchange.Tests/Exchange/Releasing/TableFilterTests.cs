using IsaExchange.Exchange;
using IsaExchange.Exchange.Releasing;
using Xunit;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>Filters choose cells by what is published of them; what is not said answers nothing.</summary>
public sealed class TableFilterTests
{
    const string Everything =
        "X1/2026-01 X1/2026-02 X1/ALL X2/2026-01 X2/2026-02 X2/ALL ALL/2026-01 ALL/2026-02 ALL/ALL";

    [Theory]
    [InlineData("", Everything)]
    [InlineData("  ", Everything)]
    [InlineData("area = \"X1\"", "X1/2026-01 X1/2026-02 X1/ALL")]
    [InlineData("area = X1 AND month = '2026-02'", "X1/2026-02")]
    [InlineData("area != \"ALL\" AND month >= \"2026-02\" AND month != \"ALL\"", "X1/2026-02 X2/2026-02")]
    [InlineData("month >= \"2026-01\" AND area < X2", "X1/2026-01 X1/2026-02")]
    [InlineData("NOT month < \"2026-02\" AND area = X1", "X1/2026-02")]
    [InlineData("month < \"2026-02\" AND area > \"X1\"", "X2/2026-01")]
    [InlineData("status = few OR status = held", "X1/2026-02 ALL/2026-01")]
    [InlineData("status != missing AND status != few", "X1/2026-01 X1/ALL X2/2026-01 ALL/2026-01")]
    [InlineData("value >= 10", "X1/2026-01 X1/ALL")]
    [InlineData("value = 0", "X2/2026-01")]
    [InlineData("value<=5", "X2/2026-01 ALL/2026-01")]
    [InlineData("area = X1 AND month = \"2026-01\" OR month = \"ALL\"", "X1/2026-01 X1/ALL")]
    [InlineData("(area = X1 AND month = \"2026-01\") OR month = ALL", "X1/2026-01 X1/ALL X2/ALL ALL/ALL")]
    [InlineData("NOT (area = X1 OR area = ALL)", "X2/2026-01 X2/2026-02 X2/ALL")]
    [InlineData("NOT NOT area = X2 AND status = shown", "X2/2026-01")]
    public void Filter_ChoosesCells(string filter, string cells) => Assert.Equal(cells, Chosen(filter));

    [Theory]
    [InlineData("value != 0")]
    [InlineData("NOT value = 0")]
    public void CellWithoutAValue_IsNeitherZeroNorAnythingElse(string filter) =>
        Assert.Equal("X1/2026-01 X1/ALL ALL/2026-01", Chosen(filter));

    [Fact]
    public void CellWithoutAValue_IsChosenByWhatElseItIs()
    {
        Assert.Equal("X1/2026-02", Chosen("value > 100 OR status = few"));
        Assert.Equal("X2/2026-02 X2/ALL ALL/2026-02 ALL/ALL", Chosen("NOT (value >= 0 AND status != missing)"));
    }

    [Theory]
    [InlineData("areas = X1", 1, "no such field: area, month, status, value")]
    [InlineData("area = X1 AND nothing = 3", 15, "no such field")]
    [InlineData("area = X9", 8, "no such code")]
    [InlineData("area != \"x1\"", 9, "no such code")]
    [InlineData("area X1", 6, "one of = != <")]
    [InlineData("area =", 7, "a value is wanted")]
    [InlineData("area = =", 8, "a value is wanted")]
    [InlineData("area = X1 month = ALL", 11, "AND, OR or the end")]
    [InlineData("area = X1 AND", 14, "a field is wanted")]
    [InlineData("(area = X1", 11, "')' is wanted")]
    [InlineData("area = X1)", 10, "AND, OR or the end")]
    [InlineData("area = \"X1", 8, "no second one")]
    [InlineData("area = X1;", 10, "means nothing here")]
    [InlineData("status > few", 8, "can be = or !=")]
    [InlineData("status = hidden", 10, "one of shown, rounded, few, held, missing")]
    [InlineData("value = ten", 9, "a whole number")]
    [InlineData("value = -1", 9, "a whole number")]
    [InlineData("area = X1 && month = ALL", 11, "means nothing here")]
    [InlineData("area = X1 and month = ALL", 11, "AND, OR or the end")]
    public void Fault_IsToldByItsPlace(string filter, int position, string words)
    {
        var fault = Refused(filter);
        Assert.Equal("FILTER_INVALID", fault.Reason);
        Assert.Equal($"{position}", fault.Details["position"]);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilterWithoutEnd_IsRefused()
    {
        AssertRefused("2000 characters", new string(' ', 1990) + "area = \"X1\"");
        AssertRefused("nested too deep", new string('(', 100));
        AssertRefused("nested too deep", string.Concat(Enumerable.Repeat("NOT ", 400)));
    }

    [Fact]
    public void QuotedWords_AreValues()
    {
        Assert.Contains("no such code", Refused("area = \"AND\"").Message, StringComparison.Ordinal);
        Assert.Equal("X1/2026-01 X1/2026-02 X1/ALL", Chosen("area = \"X\\1\""));
    }

    static string Chosen(string filter)
    {
        var chosen = TableFilter.Parse(filter, ReleaseTableSample.Table);
        return string.Join(
            ' ', ReleaseTableSample.Table.Rows.Where(chosen.Chooses).Select(r => string.Join('/', r.Codes)));
    }

    static void AssertRefused(string words, string filter) =>
        Assert.Contains(words, Refused(filter).Message, StringComparison.Ordinal);

    static ExchangeException Refused(string filter) =>
        Assert.Throws<ExchangeException>(() => TableFilter.Parse(filter, ReleaseTableSample.Table));
}
