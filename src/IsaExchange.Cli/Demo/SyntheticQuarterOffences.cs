namespace IsaExchange.Cli.Demo;

/// <summary>One offence of the sample: its group of SI 2007/1831 and how often it comes among 10,000 crimes.</summary>
sealed record SyntheticQuarterOffence(string Code, string Group, int Weight)
{
    /// <summary>The offences of <c>policies/northmere/codelists/offences</c>.</summary>
    public static IReadOnlyList<SyntheticQuarterOffence> All { get; } =
    [
        new("28E", "BURGLARY", 420), new("29A", "BURGLARY", 8), new("30B", "BURGLARY", 230),
        new("31C", "BURGLARY", 145), new("56A", "CRIM_DAMAGE", 6), new("56B", "CRIM_DAMAGE", 54),
        new("58A", "CRIM_DAMAGE", 260), new("58B", "CRIM_DAMAGE", 150), new("58C", "CRIM_DAMAGE", 480),
        new("58D", "CRIM_DAMAGE", 270), new("92A", "DRUGS", 150), new("92C", "DRUGS", 45), new("92D", "DRUGS", 62),
        new("53B", "FRAUD_FORGERY", 30), new("53D", "FRAUD_FORGERY", 6), new("60A", "FRAUD_FORGERY", 8),
        new("34A", "ROBBERY", 16), new("34B", "ROBBERY", 74), new("17D", "SEXUAL", 130), new("19C", "SEXUAL", 110),
        new("88F", "SEXUAL", 90), new("39A", "THEFT_HANDLING", 85), new("40A", "THEFT_HANDLING", 110),
        new("41A", "THEFT_HANDLING", 22), new("44A", "THEFT_HANDLING", 200), new("45A", "THEFT_HANDLING", 520),
        new("46A", "THEFT_HANDLING", 805), new("48A", "THEFT_HANDLING", 210), new("49A", "THEFT_HANDLING", 650),
        new("54A", "THEFT_HANDLING", 30), new("26V", "THEFT_HANDLING", 65), new("3B", "VAP", 140),
        new("5D", "VAP", 36), new("8L", "VAP", 820), new("8N", "VAP", 740), new("8Q", "VAP", 130),
        new("9A", "VAP", 780), new("10D", "VAP", 90), new("104A", "VAP", 110), new("105A", "VAP", 1180),
        new("66C", "OTHER", 20), new("79A", "OTHER", 35), new("80D", "OTHER", 12), new("99H", "OTHER", 66),
    ];

    public static int[] Weights { get; } = [.. All.Select(offence => offence.Weight)];

    /// <summary>Crimes found later than they were done: their time is a range more often.</summary>
    public bool IsFoundLater => Group is "BURGLARY" or "CRIM_DAMAGE" or "THEFT_HANDLING";

    /// <summary>Crimes of the evening and the night.</summary>
    public bool IsOfTheNight => Group is "VAP" or "SEXUAL" or "ROBBERY";
}
