// While a container is off its network the engine would give its address to the next one that starts, and it could not come back.

namespace EasyTcp.Interop.Places;

/// <summary>Lets containers start, many at a time, or one keep its address while it is off the network.</summary>
internal sealed class AddressGate : IDisposable
{
    private const int MostStarts = 64;

    private readonly SemaphoreSlim _starts = new(MostStarts, MostStarts);
    private readonly SemaphoreSlim _keeper = new(1, 1);

    /// <summary>Starts a container when nobody keeps an address.</summary>
    public async Task Start(Func<Task> start)
    {
        await _starts.WaitAsync();
        try
        {
            await start();
        }
        finally
        {
            _starts.Release();
        }
    }

    /// <summary>Awaits that no container is being started; none is until <see cref="GiveBack"/>.</summary>
    public async Task Keep()
    {
        await _keeper.WaitAsync();
        for (int i = 0; i < MostStarts; i++)
        {
            await _starts.WaitAsync();
        }
    }

    /// <summary>Lets containers start again.</summary>
    public void GiveBack()
    {
        _starts.Release(MostStarts);
        _keeper.Release();
    }

    public void Dispose()
    {
        _starts.Dispose();
        _keeper.Dispose();
    }
}
