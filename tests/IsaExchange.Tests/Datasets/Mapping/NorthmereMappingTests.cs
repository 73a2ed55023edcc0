using IsaExchange.Datasets.Mapping;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Datasets.Mapping;

public class NorthmereMappingTests
{
    const string Header = "Crime Number,Beat District,Small Area,HO Class,Offence Code,Date Recorded,Date From,"
        + "Time From,Date To,Precision,Officer,Victim DOB,Grid Ref,MO,Status\n";

    const string Columns = "area,row_no,si_group,offence,recorded_date,event_date,event_date_to,date_precision,"
        + "event_time,location,location_kind";

    [Fact]
    public void AnExportOfTheFictionalSystem_BecomesRecordedCrime()
    {
        var (report, output) = MappingBench.Run(Mapping(), Header
            + "NM/1,DUNMERE,X01000061,Burglary,28E,02/07/2026,30/06/2026,,01/07/2026,Between dates,P,D,G,\"a, b\",L\n"
            + "NM/2,EASTLING,X01000081,Robbery,34B,03/07/2026,03/07/2026,22:15,,To the minute,P,D,G,M,Cancelled\n"
            + "NM/3,ALDERBROOK,,Miscellaneous,99H,04/07/2026,04/07/2026,22:15,,To the minute,P,D,G,M,Live\n");
        Assert.True(report.Succeeded);
        Assert.Equal(Columns + "\n" + """
            X22000003,1,BURGLARY,28E,2026-07-02,2026-06-30,2026-07-01,range,,X01000061,lsoa2011
            X22000001,2,OTHER,99H,2026-07-04,2026-07-04,,minute,22:15,,none

            """, output);
        Assert.Equal(["Crime Number", "Officer", "Victim DOB", "Grid Ref", "MO", "Status"], report.DroppedColumns);
        Assert.Equal(1, Assert.Single(report.Skipped).Records);
    }

    [Fact]
    public void ADistrictOfAnotherCounty_IsAFault()
    {
        var (report, _) = MappingBench.Run(Mapping(), Header
            + "NM/1,ELSEWHERE,X01000061,Burglary,28E,02/07/2026,30/06/2026,,,Day only,P,D,G,M,Live\n");
        Assert.Equal("Beat District", MappingBench.Single(report).Column);
    }

    static ColumnMapping Mapping()
    {
        var folder = Path.Combine(SharedFolders.Repository, "policies", "northmere", "mappings");
        var result = ColumnMapping.Load(Path.Combine(folder, "crime-recording-export.yaml"));
        Assert.Empty(result.Faults);
        return result.Mapping!;
    }
}
