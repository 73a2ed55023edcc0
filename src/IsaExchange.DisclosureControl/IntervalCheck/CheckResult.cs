namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>What a check found, and the tables that prove it. CONFIDENTIAL but for <see cref="Report"/>.</summary>
public sealed record CheckResult(CheckReport Report, Certificate Certificate);
