namespace IsaExchange.DisclosureControl.IntervalCheck;

/// <summary>
/// What must stay possible of a protected cell, whatever anybody knows. The default asks for nothing: then the cell is
/// not protected.
/// </summary>
/// <param name="Width">How far apart two possible values lie at least.</param>
/// <param name="MustReach">A possible value is as great as this, so that the cell may be one that was hidden only for
/// the sake of others; 0: none need be.</param>
/// <param name="MustContainZero">Zero is a possible value: that there is anything at all is not told.</param>
public readonly record struct RequiredInterval(int Width, long MustReach = 0, bool MustContainZero = false)
{
    public bool IsRequired => Width > 0 || MustReach > 0 || MustContainZero;

    /// <summary>Whether two possible values, the second no less than the first, are all that is required.</summary>
    public bool IsMet(long low, long high) => Lacking(low, high) == RequiredPart.Nothing;

    /// <summary>The first thing that values from one to another do not have.</summary>
    internal RequiredPart Lacking(long low, long high) =>
        high - low < Width ? RequiredPart.Width
        : high < MustReach ? RequiredPart.Reach
        : MustContainZero && low > 0 ? RequiredPart.Zero
        : RequiredPart.Nothing;
}

/// <summary>What of a required interval is not there.</summary>
enum RequiredPart
{
    Nothing,
    Width,
    Reach,
    Zero,
}
