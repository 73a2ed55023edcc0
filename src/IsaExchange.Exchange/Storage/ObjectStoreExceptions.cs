namespace IsaExchange.Exchange.Storage;

/// <summary>There is no object of this name, or its key was destroyed.</summary>
public sealed class ObjectNotFoundException(ObjectName name) : Exception($"There is no object {name}.")
{
    public ObjectName Name { get; } = name;
}

/// <summary>The name belongs to an object with another header: it was promoted or put by somebody else.</summary>
public sealed class ObjectExistsException(ObjectName name) : Exception($"The object {name} exists with another header.")
{
    public ObjectName Name { get; } = name;
}

/// <summary>The name was used before; an attempt takes a fresh one.</summary>
public sealed class StagingExistsException(ObjectName name)
    : Exception($"The name {name} was used before; every attempt takes a fresh one.")
{
    public ObjectName Name { get; } = name;
}

/// <summary>There is nothing staged under this name: never begun, or discarded.</summary>
public sealed class StagingNotFoundException(ObjectName name) : Exception($"There is nothing staged under {name}.")
{
    public ObjectName Name { get; } = name;
}

/// <summary>What one writer staged is in the hands of another, or gone: this writer's appends count no more.</summary>
public sealed class StagingTakenOverException(ObjectName name)
    : Exception($"The staged object {name} was taken over, discarded or promoted by somebody else.")
{
    public ObjectName Name { get; } = name;
}

/// <summary>The header that was to be replaced is not the one that stands: somebody else has replaced it.</summary>
public sealed class HeaderChangedException(ObjectName name) : Exception($"The header of {name} is another one by now.")
{
    public ObjectName Name { get; } = name;
}
