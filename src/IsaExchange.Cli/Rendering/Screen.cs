namespace IsaExchange.Cli.Rendering;

/// <summary>
/// The two streams of a verb: answers (stdout) and messages (stderr). The only place that touches the process's
/// console, so that the demo can run a verb and show what it said.
/// </summary>
sealed record Screen(TextWriter Answers, TextWriter Messages, bool ProgressBars, int Width)
{
    // In a pipe nothing is cut or wrapped: whoever reads it is a program.
    const int Unbounded = 10_000;

    /// <summary>Where answers to questions come from; nothing where nobody sits in front of it.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    public static Screen OfProcess() => new(
        Console.Out,
        Console.Error,
        ProgressBars: !Console.IsErrorRedirected,
        Width: Console.IsOutputRedirected ? Unbounded : TerminalWidth())
    { Input = Console.In };

    public static Screen Captured(TextWriter answers, TextWriter messages, int width) =>
        new(answers, messages, ProgressBars: false, width);

    static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth > 40 ? Console.WindowWidth : Unbounded;
        }
        catch (IOException)
        {
            return Unbounded;
        }
    }
}
