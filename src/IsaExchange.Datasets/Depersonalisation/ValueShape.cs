namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// What a value is made of, counted in one pass with one addition per byte: enough to know which recognisers could
/// succeed. Counts wrap above 65,535; values are limited long before.
/// </summary>
readonly struct ValueShape
{
    const int Letter = 16;
    const int Mark = 32;
    const int Odd = 48;

    static readonly ulong[] s_kinds = Kinds();

    readonly ulong _counts;

    public ValueShape(ReadOnlySpan<byte> value)
    {
        var kinds = s_kinds;
        foreach (var b in value)
            _counts += kinds[b];
    }

    public int Digits => (int)(_counts & 0xFFFF);

    public int Letters => (int)((_counts >> Letter) & 0xFFFF);

    /// <summary>Hyphens, slashes and full stops, which stand between the parts of a date.</summary>
    public bool HasDateMark => ((_counts >> Mark) & 0xFFFF) != 0;

    /// <summary>An at sign, a control character, or the first byte of a character that may be invisible.</summary>
    public bool HasOdd => _counts >> Odd != 0;

    static ulong[] Kinds()
    {
        var kinds = new ulong[256];
        for (var b = 0; b < kinds.Length; b++)
        {
            kinds[b] = (char)b switch
            {
                >= '0' and <= '9' => 1,
                (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => 1UL << Letter,
                '-' or '/' or '.' => 1UL << Mark,
                '@' or < ' ' or (char)0x7F or (char)0xE2 or (char)0xEF => 1UL << Odd,
                _ => 0,
            };
        }

        return kinds;
    }
}
