namespace IsaExchange.Service.Resilience;

/// <summary>Asks a dependency whether it is there and lets us do what we need: for health and for doctor.</summary>
interface IDependencyProbe
{
    /// <summary>As in <see cref="DependencyTerms.Name"/>.</summary>
    string Name { get; }

    /// <summary>How often it is asked while the service runs.</summary>
    TimeSpan Every => TimeSpan.FromSeconds(5);

    /// <summary>Returns when the dependency answered; throws what a call to it would throw.</summary>
    Task ProbeAsync(CancellationToken ct);
}
