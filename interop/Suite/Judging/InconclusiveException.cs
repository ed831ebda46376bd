// A measurement that says more about the machine than about the peer.
namespace EasyTcp.Interop.Judging;

/// <summary>The machine itself stood still for as long as the peer seems to have been late.</summary>
internal sealed class InconclusiveException(CaseFailedException failure, TimeSpan stall)
    : Exception(FormattableString.Invariant($"the machine itself stalled for {stall.TotalSeconds:0.000} s meanwhile"))
{
    /// <summary>What would have been the failure.</summary>
    public CaseFailedException Failure { get; } = failure;
}
