// Containers start few at a time: many at once would take the engine far longer, and what runs already would get no processor.
// And while a container is off its network the engine would give its address to the next one that starts, and it could not come back.

namespace EasyTcp.Interop.Places;

/// <summary>Lets containers start, few at a time, or one keep its address while it is off the network.</summary>
internal sealed class AddressGate : IDisposable
{
    // A start is work for about one processor.
    private static readonly int MostStarts = Math.Max(2, Environment.ProcessorCount);

    private readonly SemaphoreSlim _turns = new(MostStarts, MostStarts);
    private readonly SemaphoreSlim _starts = new(MostStarts, MostStarts); // whoever keeps an address takes these, and queues for no turn
    private readonly SemaphoreSlim _keeper = new(1, 1);

    /// <summary>Awaits a turn, in the order of asking, and does what is to be done for a start.</summary>
    /// <param name="makeReady">What may be done while somebody keeps an address.</param>
    /// <param name="start">What gives an address to a container.</param>
    public async Task Start(Func<Task> makeReady, Func<Task> start)
    {
        await _turns.WaitAsync();
        try
        {
            await makeReady();
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
        finally
        {
            _turns.Release();
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
        _turns.Dispose();
        _starts.Dispose();
        _keeper.Dispose();
    }
}
