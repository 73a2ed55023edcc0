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

/// <summary>The staging name was used before; an attempt takes a fresh one.</summary>
public sealed class StagingExistsException(string stagingName)
    : Exception($"The staging name {stagingName} was used before; every attempt takes a fresh one.")
{
    public string StagingName { get; } = stagingName;
}

/// <summary>There is nothing staged under this name: never begun, discarded, or promoted to another object.</summary>
public sealed class StagingNotFoundException(string stagingName)
    : Exception($"There is nothing staged under {stagingName}.")
{
    public string StagingName { get; } = stagingName;
}
