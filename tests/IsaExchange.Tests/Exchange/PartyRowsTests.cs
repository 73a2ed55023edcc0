using IsaExchange.Exchange;
using Xunit;

namespace IsaExchange.Tests.Exchange;

/// <summary>Whose rows a call may touch is what its own permits speak of.</summary>
public class PartyRowsTests
{
    [Fact]
    public void OutsideOfACall_AllAreVisible()
    {
        PartyRows.Permit("northmere", "police");
        PartyRows.Look("northmere", "police");
        Assert.Equal(PartyRows.All, PartyRows.Visible);
    }

    [Fact]
    public async Task Call_SeesThePartiesOfItsPermits_AlsoInWhatItStarts()
    {
        PartyRows.BeginCall();
        Assert.Equal("", PartyRows.Visible);
        await PermitLaterAsync("police");
        Assert.Equal("northmere/police", PartyRows.Visible);
        var started = Task.Run(() => PartyRows.Visible, TestContext.Current.CancellationToken);
        await PermitLaterAsync("fire");
        Assert.Contains("northmere/police", await started, StringComparison.Ordinal);
        Assert.Equal("northmere/fire,northmere/police", PartyRows.Visible);
    }

    [Fact]
    public async Task PermitOfAWholeAgreement_OpensThatOneAlone()
    {
        PartyRows.BeginCall();
        PartyRows.Permit("northmere", "fire");
        PartyRows.Permit("southmere", null);
        Assert.Equal("northmere/fire,southmere/*", PartyRows.Visible);
        Assert.Equal("northmere/police", await LookAsync("police"));
        PartyRows.Permit("a,*", null);
        Assert.Equal("northmere/fire,southmere/*", PartyRows.Visible);
    }

    [Fact]
    public async Task NextCall_BeginsWithNothing()
    {
        static async Task<string> CallAsync(string party)
        {
            PartyRows.BeginCall();
            await PermitLaterAsync(party);
            return PartyRows.Visible;
        }

        Assert.Equal("northmere/police", await CallAsync("police"));
        Assert.Equal("northmere/fire", await CallAsync("fire"));
        Assert.Equal(PartyRows.All, PartyRows.Visible);
    }

    [Fact]
    public async Task Look_EndsWithTheMethodThatLooks()
    {
        PartyRows.BeginCall();
        Assert.Equal("northmere/police", await LookAsync("police"));
        Assert.Equal("", PartyRows.Visible);
        PartyRows.Permit("northmere", "fire");
        Assert.Equal("northmere/police", await LookAsync("police"));
        Assert.Equal("northmere/fire", PartyRows.Visible);
    }

    [Theory]
    [InlineData("northmere", "police,southmere/fire")]
    [InlineData("a,northmere", "police")]
    [InlineData("northmere", "*")]
    [InlineData("", "police")]
    [InlineData("northmere/police,x", "y")]
    public void NameThatReadsAsTwo_IsNobodys(string agreement, string party)
    {
        PartyRows.BeginCall();
        PartyRows.Permit(agreement, party);
        Assert.Equal("", PartyRows.Visible);
    }

    static async Task PermitLaterAsync(string party)
    {
        await Task.Yield();
        PartyRows.Permit("northmere", party);
    }

    static async Task<string> LookAsync(string party)
    {
        PartyRows.Look("northmere", party);
        await Task.Yield();
        return PartyRows.Visible;
    }
}
