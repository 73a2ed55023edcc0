using IsaExchange.Cli;
using IsaExchange.Cli.Rendering;

return await Isax.Run(args, Screen.OfProcess(), TimeProvider.System, ownsProcess: true, CancellationToken.None);
