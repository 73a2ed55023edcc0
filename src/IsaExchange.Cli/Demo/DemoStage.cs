using IsaExchange.Cli.Rendering;

namespace IsaExchange.Cli.Demo;

/// <summary>
/// Runs isax commands as the people of the sample county and shows each with what it said. A command that ends
/// otherwise than the story says ends the demo.
/// </summary>
sealed class DemoStage(Invocation run, string home)
{
    // Wide enough for a table, narrow enough to be read when the demo's own words go into a file.
    int Width => Math.Clamp(run.Terminal.Screen.Width - 6, 100, 150);

    int _scene;

    public void Scene(string sentence)
    {
        _scene++;
        Print("");
        Print($"{_scene}. {sentence}");
    }

    public void Remark(string sentence) => Print($"   {sentence}");

    /// <summary>Runs a command as somebody.</summary>
    /// <param name="person">Name of the credential folder; empty for a command that needs none.</param>
    /// <param name="expected">How it must end.</param>
    /// <param name="linesShown">The rest of what it says is counted, not shown; the last line always is.</param>
    /// <returns>All that it said.</returns>
    public async Task<string> Isax(string person, ExitCode expected, int linesShown, params string[] args)
    {
        string[] whole = person.Length == 0 ? args : [.. args, "--as", Path.Combine(home, "credentials", person)];
        Print("");
        Print($"   $ isax {string.Join(' ', whole.Select(Shown))}");
        using var said = new StringWriter();
        var code = (ExitCode)await Cli.Isax.Run(
            whole, Screen.Captured(said, said, Width), run.Clock, ownsProcess: false, run.Stop);
        run.Stop.ThrowIfCancellationRequested();
        Show(said.ToString(), code == expected ? linesShown : int.MaxValue);
        if (code != expected)
            throw new VerbException(ExitCode.Ours,
                $"the demo expected exit code {(int)expected}, this ended with {(int)code}");
        if (code is not ExitCode.Ok) Print($"     [exit code {(int)code}]");
        return said.ToString();
    }

    /// <summary>Shows the first lines of a file and those that match.</summary>
    public void Head(string path, int lines, Func<string, bool>? also = null)
    {
        Print("");
        Print($"   $ cat {Shown(path)}");
        var text = File.ReadAllLines(path);
        foreach (var line in text.Take(lines)) Print($"     {line}");
        var more = text.Skip(lines).Where(l => also?.Invoke(l) == true).Take(lines).ToList();
        if (more.Count > 0) Print("     ...");
        foreach (var line in more) Print($"     {line}");
        if (text.Length > lines + more.Count) Print($"     ... ({text.Length} lines)");
    }

    /// <summary>What the story needs to be true of what was said.</summary>
    public static void Expect(bool holds, string what)
    {
        if (!holds) throw new VerbException(ExitCode.Ours, $"the demo expected {what}");
    }

    void Show(string said, int linesShown)
    {
        var lines = said.TrimEnd().Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0).ToList();
        foreach (var line in lines.Take(linesShown)) Print($"     {Below(line)}");
        if (lines.Count <= linesShown) return;
        if (lines.Count > linesShown + 1) Print($"     ... ({lines.Count - linesShown - 1} more lines)");
        Print($"     {Below(lines[^1])}");
    }

    void Print(string line) => run.Terminal.Line(line);

    string Shown(string arg)
    {
        var below = Below(arg);
        return below.Contains(' ', StringComparison.Ordinal) ? $"\"{below}\"" : below;
    }

    // The folder was said once, at the beginning.
    string Below(string text) => text.Replace(home + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
}
