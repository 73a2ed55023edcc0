using System.Text;

namespace IsaExchange.TransparencyLog.Bundles;

/// <summary>
/// Lines of a text that somebody else wrote. <see cref="TextReader.ReadLine"/> would hold a line of any length; this
/// passes over what is too long. Lines end in \n or \r\n, the last one with or without.
/// </summary>
sealed class BoundedLines(TextReader reader, int charsMax)
{
    readonly char[] _buffer = new char[16 * 1024];
    readonly StringBuilder _line = new();
    int _at;
    int _end;

    /// <summary>Of the line read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>False at the end. The line is null when it was too long.</summary>
    public bool TryNext(out string? line)
    {
        _line.Clear();
        line = null;
        var isTooLong = false;
        var hasAny = false;
        while (Fill())
        {
            hasAny = true;
            var rest = _buffer.AsSpan(_at, _end - _at);
            var newline = rest.IndexOf('\n');
            var part = newline < 0 ? rest : rest[..newline];
            _at += newline < 0 ? part.Length : part.Length + 1;
            // One more than allowed: it may be the \r before the newline.
            isTooLong |= _line.Length + part.Length > charsMax + 1;
            if (!isTooLong)
                _line.Append(part);
            if (newline >= 0)
                break;
        }

        if (!hasAny)
            return false;
        Number++;
        if (!isTooLong)
            line = _line.Length > 0 && _line[^1] == '\r' ? _line.ToString(0, _line.Length - 1) : _line.ToString();
        return true;
    }

    bool Fill()
    {
        if (_at == _end)
            (_at, _end) = (0, reader.Read(_buffer, 0, _buffer.Length));
        return _end > 0;
    }
}
