namespace IsaExchange.Exchange;

/// <summary>Every limit of the exchange in one place. Tests pass tiny ones.</summary>
public sealed record Limits
{
    /// <summary>Bytes of one dataset, as received.</summary>
    public long DatasetBytesMax { get; init; } = 2L << 30;

    /// <summary>Bytes of content in one message of an upload.</summary>
    public int MessageBytesMax { get; init; } = 1 << 20;

    /// <summary>Sealed bytes collected before they are made durable and acknowledged.</summary>
    public int DurableBlockBytes { get; init; } = 4 << 20;

    /// <summary>Bytes that may wait between the receiving and the validating worker of one upload.</summary>
    public int ValidationBacklogBytes { get; init; } = 1 << 20;

    /// <summary>An upload stream that says nothing for this long is ended; what is durable stays.</summary>
    public TimeSpan UploadIdleMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From <see cref="UploadRateGrace"/> on, an upload below this average is ended.</summary>
    public int UploadBytesPerSecondMin { get; init; } = 4 << 10;

    public TimeSpan UploadRateGrace { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan UploadTotalMax { get; init; } = TimeSpan.FromHours(4);

    public int UploadsPerParty { get; init; } = 4;

    /// <summary>An upload nobody writes to leaves memory after this; its durable part is replayed when it goes
    /// on.</summary>
    public TimeSpan UploadSessionIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Open and READY submissions expire after this.</summary>
    public TimeSpan UnsubmittedLife { get; init; } = TimeSpan.FromDays(14);

    /// <summary>An act on an agreement that another process did counts here after this at the latest.</summary>
    public TimeSpan RegisterLagMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Calls a second of one party's senders, or of one person, and how many may be saved up.</summary>
    public int CallsPerSecond { get; init; } = 200;

    public int CallsBurst { get; init; } = 400;

    /// <summary>Calls a second from one address, before anybody looks at who calls, and how many may be saved
    /// up.</summary>
    public int AddressCallsPerSecond { get; init; } = 1000;

    public int AddressCallsBurst { get; init; } = 2000;

    /// <summary>Downloads and exports of one party at once, by all its senders and people.</summary>
    public int StreamsOutPerParty { get; init; } = 8;

    /// <summary>Open connections on which one party has called.</summary>
    public int ConnectionsPerParty { get; init; } = 20;

    /// <summary>An open stream's credential and permit are asked about again this often.</summary>
    public TimeSpan RecheckEvery { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan SenderCredentialLife { get; init; } = TimeSpan.FromDays(90);

    public TimeSpan PersonCredentialLife { get; init; } = TimeSpan.FromDays(365);

    /// <summary>A key that was renewed still lets in for this long: a machine fetches its new one when it
    /// can.</summary>
    public TimeSpan CredentialOverlap { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Accepted submissions whose cubes a verdict opens, to compare with.</summary>
    public int PeriodsCompared { get; init; } = 4;

    /// <summary>Queries of such a comparison that are listed each; what is beyond is one more query, with a count.
    /// </summary>
    public int FindingsListed { get; init; } = 50;

    /// <summary>Days for which an explanation can be given ahead.</summary>
    public int ExplanationDaysMax { get; init; } = 366;

    /// <summary>Times that one query of a submission is explained; what was said before is kept.</summary>
    public int ExplanationsOfAQuery { get; init; } = 100;

    /// <summary>A release that is proposed and not approved for this long can no longer be.</summary>
    public TimeSpan ProposalLife { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Columns of a table that is read with a dimension in the columns.</summary>
    public int PivotColumnsMax { get; init; } = 100;

    /// <summary>A release that is not proved safe in this time is refused.</summary>
    public TimeSpan IntervalCheckTime { get; init; } = TimeSpan.FromMinutes(5);

    public int PageSizeDefault { get; init; } = 50;

    public int PageSizeMax { get; init; } = 1000;

    /// <summary>A checkpoint is signed after this many events, or after <see cref="CheckpointEvery"/>.</summary>
    public int CheckpointEvents { get; init; } = 256;

    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>With the oldest event unintegrated for this long, nothing is answered any more.</summary>
    public TimeSpan IntegrationLagMax { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A notice that the mail server did not take is tried again after this, then after twice as long, and so
    /// on up to <see cref="NoticeRetryMax"/>.</summary>
    public TimeSpan NoticeRetryFirst { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan NoticeRetryMax { get; init; } = TimeSpan.FromHours(4);

    /// <summary>A notice that nobody took for this long has failed, and is shown as such.</summary>
    public TimeSpan NoticeLife { get; init; } = TimeSpan.FromDays(5);

    /// <summary>A file key that a vault unwrapped stays in memory for this long, so that reads of one object in a row
    /// ask once.</summary>
    public TimeSpan UnwrappedKeyLife { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>File keys in memory at once; with one more the oldest goes.</summary>
    public int UnwrappedKeysMax { get; init; } = 1024;

    /// <summary>A key version that is older gets a successor, and what it sealed is wrapped anew.</summary>
    public TimeSpan KeyVersionLife { get; init; } = TimeSpan.FromDays(365);

    /// <summary>An old version is not disabled sooner after it got a successor: other replicas and calls under way may
    /// still seal with it.</summary>
    public TimeSpan KeyVersionOverlap { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Headers that are wrapped anew before the catalogue is told.</summary>
    public int RewrapBatch { get; init; } = 32;

    /// <summary>Things that the caller may not know of, and things that do not exist, are answered at multiples of
    /// this.</summary>
    public static TimeSpan HiddenAnswerBeat { get; } = TimeSpan.FromMilliseconds(20);
}
