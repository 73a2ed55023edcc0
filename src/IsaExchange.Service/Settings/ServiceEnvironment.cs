namespace IsaExchange.Service.Settings;

/// <summary>Whether this process was started to be tried out. Production unless the environment says
/// otherwise.</summary>
static class ServiceEnvironment
{
    public static bool IsDevelopment { get; } = string.Equals(
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT"),
        "Development", StringComparison.OrdinalIgnoreCase);
}
