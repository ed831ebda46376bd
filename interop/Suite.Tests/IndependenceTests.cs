// The suite judges the programs from outside: a mistake in code that both shared would cancel out.
using System.Xml.Linq;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class IndependenceTests
{
    [Test]
    public void The_suite_references_no_assembly_of_the_project()
    {
        string[] referenced = [.. typeof(Case).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)];

        Assert.That(referenced, Has.Member("nunit.framework"), "references are seen at all");
        Assert.That(referenced.Where(name => name.Contains("EasyTcp", StringComparison.OrdinalIgnoreCase) || name.Contains("TcpServer", StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }

    // An assembly that is referenced, but of which nothing is used yet, shows in the project alone.
    [Test]
    public void The_suites_project_references_no_other()
    {
        XDocument project = XDocument.Load(Repository.At("interop", "Suite", "EasyTcp.Interop.csproj"));

        Assert.That(project.Descendants("PackageReference"), Is.Not.Empty);
        Assert.That(project.Descendants("ProjectReference").Concat(project.Descendants("Reference")).Concat(project.Descendants("Compile")), Is.Empty);
    }
}
