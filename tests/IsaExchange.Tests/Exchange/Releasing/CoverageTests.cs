using IsaExchange.Exchange.Releasing;
using Xunit;

namespace IsaExchange.Tests.Exchange.Releasing;

/// <summary>What readers are told of who has sent what.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void NilReturnWhereZerosAreNotShown_IsToldAsReceived()
    {
        var coverage = new Coverage(
            [
                Line("fire", "X1", CoverageStatus.Nil), Line("fire", "X2", CoverageStatus.Missing),
                Line("police", "X1", CoverageStatus.Received),
            ],
            [], []).WithoutNil();
        Assert.Equal(
            [CoverageStatus.Received, CoverageStatus.Missing, CoverageStatus.Received],
            coverage.Lines.Select(l => l.Status));
        Assert.True(coverage.IsMissing("X2"));
        Assert.False(coverage.IsMissing("X1"));
    }

    static CoverageLine Line(string party, string area, CoverageStatus status) => new(party, area, status, [], false);
}
