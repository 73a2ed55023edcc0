using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IsaExchange.Service.Hosting;

/// <summary>Traces and metrics by OTLP when an endpoint is set in the environment (OTEL_EXPORTER_OTLP_ENDPOINT); else
/// none leave.</summary>
static class TelemetryExport
{
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(WebApplicationBuilder builder)
    {
        var export = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable));
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("isaexchange"))
            .WithTracing(tracing =>
            {
                tracing.AddSource(Exchange.Telemetry.Name).AddAspNetCoreInstrumentation();
                if (export)
                    tracing.AddOtlpExporter();
            })
            .WithMetrics(metrics =>
            {
                // Polly's own: attempts, retries, breakers and time-outs of every dependency's pipeline.
                metrics.AddMeter(Exchange.Telemetry.Name).AddMeter("Polly")
                    .AddAspNetCoreInstrumentation().AddRuntimeInstrumentation();
                if (export)
                    metrics.AddOtlpExporter();
            });
    }
}
