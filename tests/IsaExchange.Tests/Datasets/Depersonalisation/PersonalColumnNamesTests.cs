using System.Text;
using IsaExchange.Datasets.Depersonalisation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Depersonalisation;

public sealed class PersonalColumnNamesTests
{
    [Theory]
    [InlineData("name")]
    [InlineData("Victim Name")]
    [InlineData("DateOfBirth")]
    [InlineData("date_of_birth")]
    [InlineData("DOB")]
    [InlineData("NHSNumber")]
    [InlineData("nhs_no")]
    [InlineData("HomePostcode")]
    [InlineData("E-mail")]
    [InlineData("Street 1")]
    public void NameThatSpeaksOfAPerson_IsRecognised(string name) => Assert.True(Speaks(name));

    [Theory]
    [InlineData("")]
    [InlineData("lsoa")]
    [InlineData("ward_code")]
    [InlineData("unnamed")]
    [InlineData("renamed_month")]
    [InlineData("weapon")]
    [InlineData("Crime type")]
    public void OtherName_IsNot(string name) => Assert.False(Speaks(name));

    [Fact]
    public void EndlessName_IsNotLookedAt() => Assert.False(Speaks(new string('x', 5000) + " name"));

    static bool Speaks(string name) => PersonalColumnNames.SpeaksOfPerson(Encoding.UTF8.GetBytes(name));
}
