// Work on several threads that begin at the same moment.
namespace EasyTcp.Servers.Tests;

/// <summary>Runs work side by side.</summary>
internal static class Together
{
    /// <summary>Runs <paramref name="work"/> on so many threads; all that they give, thread by thread.</summary>
    /// <param name="threads">How many.</param>
    /// <param name="work">Gets the thread's number, from 0 on.</param>
    public static IEnumerable<T> Run<T>(int threads, Func<int, IEnumerable<T>> work)
    {
        using var start = new Barrier(threads);
        T[][] given = new T[threads][];
        Exception?[] faults = new Exception?[threads];
        Thread[] all = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                given[number] = [.. work(number)];
            }
            catch (Exception fault)
            {
                // It belongs to the test, and would end the process here.
                faults[number] = fault;
            }
        }))];
        foreach (Thread each in all)
        {
            each.Start();
        }

        foreach (Thread each in all)
        {
            each.Join();
        }

        return faults.OfType<Exception>().Any() ? throw new AggregateException(faults.OfType<Exception>()) : given.SelectMany(each => each);
    }
}
