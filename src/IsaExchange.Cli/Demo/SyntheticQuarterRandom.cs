using System.Numerics;

namespace IsaExchange.Cli.Demo;

/// <summary>
/// xoshiro256** (Blackman and Vigna, public domain), seeded by splitmix64. Our own because System.Random promises no
/// sequence from one version of .NET to the next, and a demo must give everyone the same file. Not for keys.
/// </summary>
sealed class SyntheticQuarterRandom
{
    readonly ulong[] _state = new ulong[4];

    /// <summary>Streams of the same seed with different numbers have nothing in common.</summary>
    public SyntheticQuarterRandom(long seed, int stream)
    {
        var mixed = unchecked((ulong)seed) ^ ((ulong)stream << 56);
        for (var i = 0; i < _state.Length; i++)
            _state[i] = SplitMix(ref mixed);
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_state[1] * 5, 7) * 9;
        var shifted = _state[1] << 17;
        _state[2] ^= _state[0];
        _state[3] ^= _state[1];
        _state[1] ^= _state[2];
        _state[0] ^= _state[3];
        _state[2] ^= shifted;
        _state[3] = BitOperations.RotateLeft(_state[3], 45);
        return result;
    }

    /// <summary>A number from 0 to <paramref name="bound"/>, the bound excluded.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Whether a thing happens that happens so many times in a hundred.</summary>
    public bool Percent(int times) => Below(100) < times;

    /// <summary>An index, each as often as its weight says.</summary>
    public int Pick(ReadOnlySpan<int> weights)
    {
        var sum = 0;
        foreach (var weight in weights)
            sum += weight;
        var at = Below(sum);
        for (var i = 0; i < weights.Length; i++)
        {
            at -= weights[i];
            if (at < 0)
                return i;
        }

        throw new InvalidOperationException("A number below the sum of the weights falls within one of them.");
    }

    static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
