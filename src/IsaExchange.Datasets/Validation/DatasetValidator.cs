namespace IsaExchange.Datasets.Validation;

/// <summary>
/// Validates a file against a plan in one pass: bytes, header, every field of every record, cross-field rules, the
/// depersonalisation gate, routing. Hands each record without an error to a sink. Allocates nothing per record; keeps
/// nothing of the file. May be used by several threads at once, each with its own stream and sink.
/// </summary>
public sealed class DatasetValidator(ValidationPlan plan)
{
    public ValidationPlan Plan => plan;

    /// <summary>
    /// Reads the stream once, to its end, or to the point after which nothing can be understood
    /// (<see cref="ValidationReport.StoppedEarly"/>: the rest of the stream is then left unread). What is wrong with
    /// the file is in the report; only faults of the stream itself are thrown.
    /// </summary>
    /// <param name="utf8">The file as it arrives; may block. Stays open.</param>
    /// <param name="sink">Takes the records. When the header is in error no record is without one.</param>
    /// <param name="ct">Asked before each read of the stream.</param>
    public ValidationReport Validate(Stream utf8, IRecordSink sink, CancellationToken ct)
    {
        using var run = new ValidationRun(plan, utf8, sink, ct);
        return run.ToEnd();
    }
}
