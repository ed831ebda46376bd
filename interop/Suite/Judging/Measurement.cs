// A figure that a case measured, beside its verdict.
namespace EasyTcp.Interop.Judging;

/// <summary>What was measured.</summary>
/// <param name="Name">Of what, as in <c>report deviation</c>.</param>
/// <param name="Unit">In what unit, as in <c>s</c>.</param>
/// <param name="Values">In the order in which they came.</param>
internal sealed record Measurement(string Name, string Unit, IReadOnlyList<double> Values);
